"""What Django's and REST framework's generic classes bring to a view that is derived from them: data."""

from __future__ import annotations

#: Actions of a view set -> method, and what follows the path.
ACTIONS = {
    "list": ("GET", ""),
    "create": ("POST", ""),
    "retrieve": ("GET", "{pk}"),
    "update": ("PUT", "{pk}"),
    "partial_update": ("PATCH", "{pk}"),
    "destroy": ("DELETE", "{pk}"),
}
#: What generic bases bring: a word of their name -> the actions.
BRINGS = {
    "ModelViewSet": tuple(ACTIONS),
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "CreateModelMixin": ("create",),
    "ListModelMixin": ("list",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
    "ListAPIView": ("list",),
    "CreateAPIView": ("create",),
    "RetrieveAPIView": ("retrieve",),
    "UpdateAPIView": ("update", "partial_update"),
    "DestroyAPIView": ("destroy",),
    "ListCreateAPIView": ("list", "create"),
    "RetrieveUpdateAPIView": ("retrieve", "update", "partial_update"),
    "RetrieveDestroyAPIView": ("retrieve", "destroy"),
    "RetrieveUpdateDestroyAPIView": ("retrieve", "update", "partial_update", "destroy"),
    "ListView": ("list",),
    "DetailView": ("list",),
    "TemplateView": ("list",),
    "ArchiveIndexView": ("list",),
    "CreateView": ("list", "create"),
    "FormView": ("list", "create"),
    "UpdateView": ("list", "create"),
    "DeleteView": ("list", "create"),
}
#: Those that answer with a page for people.
PAGES = (
    "ListView",
    "DetailView",
    "TemplateView",
    "CreateView",
    "FormView",
    "UpdateView",
    "DeleteView",
    "ArchiveIndexView",
)
