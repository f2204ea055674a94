"""The link, written in one transaction with all that belongs to it, or the reason why not."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from connections.excerpt import excerpt
from connections.models import Connection, SpentToken
from idp import audit
from idp.account.linking import ways
from idp.account.linking.fresh_token import used_before
from idp.account.linking.proof import Proof
from idp.account.linking.refusal import LinkingRefused, cannot_be_linked, not_offered
from idp.links import notices
from idp.writing import turn_to_write


def find_link(proof: Proof) -> FederatedLink | None:
    """Return the link of the identity, whoever's it is."""
    rows = FederatedLink.objects.select_related("user", "connection")
    return rows.filter(connection_id=proof.connection_id, subject=proof.subject).first()


def refuse_claim(link: FederatedLink, actor: audit.Actor) -> LinkingRefused:
    """Tell the owner of a link that somebody else wanted it; return what that one is told."""
    with turn_to_write(), transaction.atomic():
        notices.claimed(link, timezone.now())
        what = f"{excerpt(link.subject)} at {link.connection.name}: linked to another account"
        who = User.objects.get(public_id=actor.public_id)
        audit.record("user.link-refused", who, before={}, after={"link": what}, actor=actor)
    return cannot_be_linked()


def link(user: User, proof: Proof, actor: audit.Actor) -> FederatedLink:
    """
    Link the identity to the account, and use up the token that proved it.

    Returns the link, also where it was this account's already. :raises LinkingRefused:
    """
    try:
        with turn_to_write(), transaction.atomic():
            owner, connection = _lock(user, proof)
            found = find_link(proof)
            if found is None:
                _spend(connection, proof)
                return _write(owner, connection, proof, actor)
    except IntegrityError:  # an exchange, or another tab, linked it at the same moment
        found = find_link(proof)
        if found is None:
            raise
    if found.user_id == user.pk:
        return found
    raise refuse_claim(found, actor)


def _lock(user: User, proof: Proof) -> tuple[User, Connection]:
    """Read both again as they are now: either may have been switched off since the page."""
    owner = User.objects.select_for_update().get(pk=user.pk)
    rows = Connection.objects.select_for_update().filter(enabled=True, issuer=proof.issuer)
    # Under another issuer, the same subject would be a stranger.
    offers = {ways.SWITCHES[proof.way]: True}
    connection = rows.filter(pk=proof.connection_id, **offers).first()
    if connection is None or not owner.is_usable:
        raise not_offered()
    return owner, connection


def _spend(connection: Connection, proof: Proof) -> None:
    """Use up the token, whether or not exchanges use up tokens of this issuer (ST-24)."""
    _spent, first_time = SpentToken.objects.get_or_create(
        connection=connection,
        token_id=proof.token_id,
        defaults={"forget_after": datetime.fromtimestamp(proof.forget_after, UTC)},
    )
    if not first_time:
        raise used_before()


def _write(owner: User, connection: Connection, proof: Proof, actor: audit.Actor) -> FederatedLink:
    made = FederatedLink.objects.create(
        connection=connection,
        subject=proof.subject,
        user=owner,
        origin=FederatedLink.Origin.OWNER,
    )
    # Only the owner can make it again, and just has.
    RemovedLink.objects.filter(user=owner, connection=connection, subject=proof.subject).delete()
    after = {"link": f"{excerpt(proof.subject)} at {connection.name}", "proved_by": proof.way}
    audit.record("user.linked", owner, before={}, after=after, actor=actor)
    notices.link_made(made, timezone.now())
    return made
