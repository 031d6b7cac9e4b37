#!/usr/bin/env bash
# What the action runs: install, check, and on a pull request one comment that is edited and tells only what is new.
# In: PLACE DATA AUDIENCE COMMENT BASE NUMBER GH_TOKEN, and the runner's GITHUB_*. Exit: that of `groundcrew check`.
set -euo pipefail

if [ "$(git -C "$GITHUB_WORKSPACE" rev-parse --is-shallow-repository)" = true ]; then
  echo "::error::Groundcrew looks at the history: check the repository out with fetch-depth: 0." && exit 2
fi

program="$RUNNER_TEMP/groundcrew"
if [ ! -x "$program/bin/groundcrew" ]; then
  python -m venv "$program"
  "$program/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
    -r "$GITHUB_ACTION_PATH/requirements.lock"
  "$program/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation "$GITHUB_ACTION_PATH"
fi

export GROUNDCREW_HOME="$RUNNER_TEMP/groundcrew-home"
check=("$program/bin/groundcrew" check "$GITHUB_WORKSPACE" --place "$PLACE")
[ -z "$DATA" ] || check+=(--data "$DATA")
[ -z "$AUDIENCE" ] || check+=(--audience "$AUDIENCE")
[ -z "$BASE" ] || check+=(--since "$BASE")

"$program/bin/groundcrew" advisories update || echo "::warning::The advisory data could not be updated."
status=0
"${check[@]}" --format sarif >"$RUNNER_TEMP/groundcrew.sarif" || status=$?
"${check[@]}" --format markdown >"$RUNNER_TEMP/groundcrew.md" || true
"${check[@]}" || true
{
  echo "sarif-file=$RUNNER_TEMP/groundcrew.sarif"
  echo "placement=$("$program/bin/python" -I -c \
    'import json, sys; print(json.load(open(sys.argv[1]))["runs"][0]["properties"]["placement"])' \
    "$RUNNER_TEMP/groundcrew.sarif" 2>/dev/null || echo nowhere)"
} >>"$GITHUB_OUTPUT"
cat "$RUNNER_TEMP/groundcrew.md" >>"$GITHUB_STEP_SUMMARY"

if [ "$COMMENT" = true ] && [ -n "$NUMBER" ]; then
  mark="<!-- groundcrew -->"
  { echo "$mark" && cat "$RUNNER_TEMP/groundcrew.md"; } >"$RUNNER_TEMP/comment.md"
  comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
  own=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1) || own=
  if [ -n "$own" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" -F "body=@$RUNNER_TEMP/comment.md" >/dev/null
  elif ! grep -q "^No new findings\.$" "$RUNNER_TEMP/groundcrew.md"; then
    gh api --method POST "$comments" -F "body=@$RUNNER_TEMP/comment.md" >/dev/null
  fi || echo "::warning::The comment could not be written; it needs the permission pull-requests: write."
fi
exit "$status"
