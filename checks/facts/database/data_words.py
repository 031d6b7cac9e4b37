"""
Whose data a table holds, by the words of its name and its columns, and which columns give rights.

English first, and the words that Portuguese, Spanish, French, German and Italian apps use for the same things.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from checks.facts.word_set import word_set

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

#: Tables about people, or that people expect to be private, whatever their columns.
_PEOPLE = word_set(
    """
    user users customer customers client clients patient patients employee employees staff lead leads contact
    contacts subscriber subscribers student students guest guests attendee attendees applicant applicants
    donor donors resident residents tenant tenants
    order orders payment payments invoice invoices transaction transactions payout payouts salary salaries payroll
    paycheck subscription subscriptions purchase purchases billing
    message messages chat chats conversation conversations inbox email emails sms
    booking bookings appointment appointments reservation reservations
    health medical symptom symptoms diagnosis diagnoses prescription prescriptions vitals consultation
    consultations therapy medication medications
    address addresses document documents contract contracts journal journals diary mood moods note notes
    expense expenses income budget budgets account accounts wallet wallets credential credentials token tokens
    secret secrets password passwords otp otps session sessions invite invites invitation invitations waitlist
    waitlists signup signups newsletter submission submissions application applications resume resumes
    notification notifications consent consents verification verifications kyc
    usuario usuarios cliente clientes paciente pacientes pedido pedidos pagamento pagamentos pago pagos mensagem
    mensagens mensaje mensajes agendamento agendamentos funcionario funcionarios empleado empleados
    contrato contratos endereco enderecos reserva reservas venda vendas utilisateur utilisateurs kunde kunden
    """
)
#: Columns that tell who somebody is, or hold what nobody else should read.
_PRIVATE = word_set(
    """
    email mail phone telephone mobile whatsapp telefone telefono celular handphone
    address street postcode zipcode zip endereco direccion cep birth birthday birthdate dob nascimento nacimento
    ssn cpf rut dni passport iban cvv
    password passwd token secret salary income
    diagnosis symptoms medication allergies
    ip
    """
)
_MACHINES = frozenset({"webhook", "webhooks", "realtime", "stock", "inventory", "warehouse"})
_LINKS = frozenset(
    {"by", "owner", "author", "sender", "recipient", "receiver", "profile", "member", "person", "admission"}
)
#: Ways to reach somebody; of a shop or a clinic they are meant to be seen.
_CONTACT = word_set(
    """
    email mail phone telephone mobile whatsapp telefone telefono celular handphone address street postcode zipcode
    zip endereco direccion cep rut diagnosis symptoms medication allergies
    """
)
_BUSINESS = word_set(
    """
    clinic clinics hospital hospitals company companies business businesses store stores shop shops location
    locations branch branches venue venues restaurant restaurants school schools organization organizations
    organisation organisations service services product products property properties listing listings event events
    provider providers supplier suppliers vendor vendors brand brands partner partners empresa empresas loja lojas
    team teams club clubs sponsor sponsors league leagues tournament tournaments hotel hotels gym gyms salon salons
    stream streams vacancy vacancies imovel imoveis inmueble inmuebles produto produtos producto productos
    """
)
#: Of such a thing: who belongs to it, and who asks for it.
_WHO = word_set(
    """
    member members participant participants registration registrations rsvp rsvps request requests inquiry inquiries
    enquiry enquiries quote quotes interest interests follower followers manager managers
    """
)
#: Sessions that are events, which are announced.
_HELD = word_set("broadcast webinar conference workshop")
#: Words by which a column only speaks about such a thing: email_sent_at, passport_validity_months.
_ABOUT = word_set(
    """
    verified sent enabled count notifications at template subject type validity required requirement months days
    provider fee rate confirmed status
    """
)
#: Words of tables whose rows people mean to show, however the rest of the name reads.
_SHOWN = word_set(
    """
    template templates type types category categories status statuses setting settings config configs option
    options tag tags plan plans tier tiers price prices product products item items faq faqs feature features
    version versions page pages banner banners public achievement achievements badge badges level levels
    requirement requirements slot slots checklist checklists guide guides
    lookup sequence sequences counter counters count counts stat stats tool tools definition definitions
    """
)
#: Columns that give rights or money, by what they give.
_RIGHTS = word_set(
    """
    role roles user_role is_admin admin isadmin is_superadmin is_super_admin is_superuser superuser is_staff
    is_owner is_moderator access_level permissions permission_level user_type account_type papel tipo_usuario
    rol admin_role app_role is_manager
    """
)
_WORTH = word_set(
    """
    plan plan_type plan_id subscription_plan subscription_tier subscription_status subscription_type tier
    is_premium is_pro is_paid premium has_paid has_access is_subscribed credits credit_balance credits_remaining
    balance wallet_balance tokens_remaining usage_limit is_verified verified kyc_verified is_approved approved
    trial_ends_at subscription_end points_balance plano plano_id plan_tier plan_status plan_expires_at
    subscription_expires_at subscription_end_date subscription_ends_at premium_until pro_until is_vip is_lifetime
    is_banned banned is_suspended suspended is_blocked account_status kyc_status kyc_level kyc_approved
    """
)
#: What is left to spend, whatever stands before it: ai_credits, token_balance, saldo.
_TO_SPEND = re.compile(r"(?:^|_)(?:credits?|creditos|balance|saldo|quota)(?:_(?:left|remaining|balance|limit))?$")
_ACCOUNTS = word_set(
    """
    profile profiles user users account accounts member members employee employees staff admin admins customer
    customers subscription subscriptions subscriber subscribers credit credits wallet wallets balance balances
    perfil perfis perfiles usuario usuarios plan plans membership memberships team driver drivers worker workers
    vendor vendors seller sellers student students teacher teachers doctor doctors licence license licenses
    entitlement entitlements quota quotas player players jugador jugadores jogador jogadores trader traders rider
    riders courier couriers freelancer freelancers creator creators affiliate affiliates gamer gamers streamer streamers
    """
)
_GIVES_ROLES = re.compile(
    r"(^|_)(user_roles?|admins?|admin_users?|role_assignments?|user_permissions?|org\w*_members?|team_members?|workspace_members?"
    r"|memberships?|super_admins?)$"
)
#: `is_admin` in the languages of _WORDS, and `es_super_admin`; not `admin_notes`, nor `created_by_admin`.
_IS_ADMIN = re.compile(r"^(?:is|es|eh|e|est|ist|has)_?(?:super_?)?(?:admin\w{0,12}|staff|moderat\w{0,6})$")
#: Where rows of people belong together; the column that says so ends in _id.
_TOGETHER = word_set(
    """
    conversation conversations chat chats thread threads room rooms channel channels conversacion conversa
    """
)
_BELONGING = word_set(
    """
    organization organisation org company team tenant workspace clinic agency school household family group empresa
    equipo organizacao organizacion clinica escola escuela familia firm hospital practice societe firma
    """
)
_MESSAGES = word_set(
    "message messages mensaje mensajes mensagem mensagens nachrichten reply replies attachment attachments"
)
_PAYMENTS = word_set(
    """
    payment payments escrow escrows transaction transactions payout payouts order orders withdrawal withdrawals
    deposit deposits refund refunds transaccion transacciones transacao transacoes pago pagos pagamento pagamentos
    pedido pedidos zahlungen
    """
)
_PLEDGES = word_set(
    """
    contribution contributions donation donations pledge pledges purchase purchases subscription subscriptions
    credit credits balance balances invoice invoices reward rewards referral referrals
    """
)
_PAID_FOR = word_set("subscription subscriptions premium entitlement entitlements")
_SENT = word_set("newsletter push notification notifications email mail webhook webhooks topic")
_EARNED = word_set("points xp coins gems score rewards reward_points loyalty_points referral_points total_points")
#: What a payment has come to; an amount alone may be a shop's list, which its owner keeps.
_STATES = word_set("status state estado payment_status is_paid paid paid_at amount_paid escrow_status")
_AMOUNTS = word_set("amount total price monto valor preco precio importe total_amount total_price platform_fee")
_GIVES_ACCESS = re.compile(r"_(?:permissions?|access|acl|collaborators?|shares|grants?|permisos)$")
#: Words of a bucket for what must not be open to everybody.
_PRIVATE_FILES = word_set(
    """
    document documents docs receipt receipts invoice invoices contract contracts medical health patient patients
    kyc passport passports id ids identity verification verifications license licenses resume resumes cv cvs private
    attachment attachments chat messages report reports lab prescription prescriptions statement statements payment
    payments proof proofs evidence signature signatures backup backups export exports personal tax
    documentos comprovantes contratos notas
    """
)


def words_of(name: str) -> frozenset[str]:
    """Return the words of *name* in small letters, however it is written."""
    return frozenset(word.lower() for word in _WORDS.findall(name[:120]))


def private_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Return those of *columns* that tell who somebody is or hold what is private."""
    found = []
    for column in columns:
        words = words_of(column)
        if not words & _ABOUT:
            found += [column] if words & _PRIVATE and not (words & {"id"} and "token" not in words) else []
    return tuple(found)


def is_about_people(name: str, columns: Collection[str]) -> bool:
    """
    Whether a table called *name* with *columns* holds people's data or what they expect to be private.

    Where the columns are known, one must lead to a person: `symptoms` may be a patient's, and may be a list to choose
    from.
    """
    words = words_of(name)
    words -= {"session", "sessions"} if words & _HELD else set()
    ordered = _WORDS.findall(name)
    last = ordered[-1].lower() if ordered else ""
    private = private_columns(columns)
    shop = bool(words & _BUSINESS or last in _SHOWN) and not words & (_PEOPLE | _WHO)
    if any(not shop or not words_of(column) & _CONTACT for column in private):
        return True
    linked = not columns or any(_links(column) for column in columns)
    return bool(words & _PEOPLE) and last not in _SHOWN and not words & _MACHINES and linked


def _links(column: str) -> bool:
    """Whether *column* leads to a person: user_id, patient_id, created_by, sender, guest_name."""
    words = words_of(column)
    return bool(words & _PEOPLE or words & _LINKS)


def rights_in(table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return those of *columns* that give a person rights or money; most only count in a table of accounts."""
    accounts = bool(words_of(table) & _ACCOUNTS)
    return tuple(
        column
        for column in columns
        if _IS_ADMIN.match(column.lower())
        or (column.lower() in _RIGHTS and (accounts or "admin" in column.lower() or "super" in column.lower()))
        or (accounts and (column.lower() in _WORTH or _TO_SPEND.search(column.lower())))
    )


def moves_worth(table: str) -> bool:
    """Whether a row of *table* is a payment, or something that was given for one."""
    return bool(words_of(table) & (_PAYMENTS | _PLEDGES))


def gives_worth(table: str, columns: Iterable[str]) -> bool:
    """Whether whoever writes *columns* of *table* gives an account rights, points or what others pay for."""
    words = words_of(table)
    paid = words & _PAID_FOR and not words & _SENT
    return bool(paid or rights_in(table, columns) or (words & _ACCOUNTS and set(columns) & _EARNED))


def gives_roles(table: str) -> bool:
    """Whether a row of *table* is itself a right: user_roles, admins, memberships."""
    return _GIVES_ROLES.search(table.lower()) is not None


def gives_access(table: str) -> bool:
    """Whether a row of *table* opens something to somebody: chatbot_permissions, document_collaborators."""
    return _GIVES_ACCESS.search(table.lower()) is not None


def is_account(table: str) -> bool:
    """Whether a row of *table* is somebody's account."""
    return bool(words_of(table) & _ACCOUNTS)


def joined_by(table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return those of *columns* that say to which conversation a message, or to which company an account, belongs."""
    where = _TOGETHER if words_of(table) & _MESSAGES else _BELONGING if is_account(table) else frozenset()
    return tuple(column for column in columns if column.lower().endswith("_id") and words_of(column) & where)


def columns_of_payments(table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return those of *columns* that say what was paid, where *table* holds payments whose state is written down."""
    names = list(columns)
    states = [column for column in names if column.lower() in _STATES]
    if not states or not words_of(table) & _PAYMENTS:
        return ()
    return (*states, *(column for column in names if column.lower() in _AMOUNTS))


def holds_private_files(bucket: str) -> bool:
    """Whether a bucket's name says that its files are not for everybody."""
    return bool(words_of(bucket.replace("-", "_")) & _PRIVATE_FILES)
