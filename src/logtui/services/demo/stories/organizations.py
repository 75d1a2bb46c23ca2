"""Companies and teams: how they begin, grow, and change."""

from __future__ import annotations

from logtui.services.demo import cast, resources
from logtui.services.demo.stories.visits import begin_session, minutes, seconds, use_application
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import Company, Person, Request, World, new_person


def creates_organization(world: World) -> Story:
    """Somebody signed in creates an organization, gives it a logo, and invites; the invited one signs up and joins."""
    founder = world.somebody()
    name, domain = world.dice.pick(cast.COMPANIES)
    name = f"{name} {world.dice.pick(('EU', 'Labs', 'APAC', 'Ventures', 'Support'))}"
    organization = resources.organization(world.dice, world.now, name, founder.user.id)
    company = Company(organization, domain, [founder])
    request = world.request(founder.desk)
    request.emit("organization.created", organization)
    join(request, company, founder, "org:admin")
    world.companies.append(company)
    yield seconds(world, 20, 120)
    if world.dice.chance(0.6):
        organization.change(world.now, has_image=True)
        world.request(founder.desk).emit("organization.logo.updated", organization)
        yield seconds(world, 20, 120)
    yield from invites(world, company)


def invites(world: World, company: Company | None = None) -> Story:
    """An organization's administrator invites somebody, who signs up; some invitations are taken back."""
    company = company or world.dice.pick(world.companies)
    admin, organization = company.members[0], company.organization
    guest = new_person(world, domain=company.domain)
    role = world.dice.weighted(tuple(resources.PERMISSIONS), (8, 1, 1))
    letter = resources.organization_invitation(world.dice, world.now, organization, guest.email, role)
    organization.change(world.now, pending_invitations_count=organization.number("pending_invitations_count") + 1)
    world.request(admin.desk).emit("organization_invitation.created", letter)
    yield minutes(world, 5, 400)
    organization.change(world.now, pending_invitations_count=organization.number("pending_invitations_count") - 1)
    if world.dice.chance(0.2):
        letter.change(world.now, status="revoked")
        world.request(admin.desk).emit("organization_invitation.revoked", letter)
        return
    attempt = resources.sign_up(world.dice, world.now, guest.email)
    request = world.request(guest.desk.acting_as(None))
    request.emit("sign_up.created", attempt, strategy="ticket")
    attempt.change(world.now, status="complete", created_user_id=guest.user.id)
    request.emit("sign_up.invitation.accepted", attempt)
    request.emit("sign_up.completed", attempt)
    request.caller = guest.desk
    request.emit("user.created", guest.user)
    letter.change(world.now, status="accepted", user_id=guest.user.id)
    request.emit("organization_invitation.accepted", letter)
    join(request, company, guest, role)
    world.people.append(guest)
    session = begin_session(request, guest)
    session.change(world.now, last_active_organization_id=organization.id)
    yield from use_application(world, session, guest.desk)


def changes_role(world: World) -> Story:
    """A member is promoted or gets other notes attached; another one is removed."""
    company = world.dice.pick(world.companies)
    if len(company.members) < 3:
        return
    admin, member = company.members[0], world.dice.pick(company.members[1:])
    membership = company.memberships[member.user.id]
    role = "org:admin" if membership.state["role"] != "org:admin" else "org:member"
    membership.change(world.now, role=role, permissions=list(resources.PERMISSIONS[role]))
    world.request(admin.desk).emit("organization_membership.updated", membership)
    yield minutes(world, 1, 20)
    membership.change(world.now, public_metadata={"cost_center": world.dice.digits(4)})
    world.request(admin.desk).emit("organization_membership.metadata.updated", membership)
    if world.dice.chance(0.3):
        yield minutes(world, 1, 60)
        leave(world.request(admin.desk), company, member)


def edits_organization(world: World) -> Story:
    """An administrator renames the organization, allows more members, and removes the logo."""
    company = world.dice.pick(world.companies)
    admin, organization = company.members[0], company.organization
    organization.change(world.now, max_allowed_memberships=organization.number("max_allowed_memberships") + 5)
    world.request(admin.desk).emit("organization.updated", organization)
    yield minutes(world, 1, 10)
    organization.change(world.now, public_metadata={"region": world.dice.pick(("eu-west", "us-east", "ap-south"))})
    world.request(admin.desk).emit("organization.metadata.updated", organization)
    if organization.state["has_image"] and world.dice.chance(0.4):
        yield seconds(world, 10, 200)
        organization.change(world.now, has_image=False)
        world.request(admin.desk).emit("organization.logo.deleted", organization)


def claims_domain(world: World) -> Story:
    """An organization claims its mail domain, proves it, and lets colleagues in; one asks and is turned down."""
    company = world.dice.pick(world.companies)
    admin = company.members[0]
    domain = resources.domain(world.dice, world.now, company.organization, company.domain, admin.email)
    world.request(admin.desk).emit("organization_domain.created", domain)
    yield seconds(world, 20, 90)
    domain.change(world.now, verification={"status": "unverified", "strategy": "email_code", "attempts": 0})
    world.request(admin.desk).emit("organization_domain.affiliation_verification.prepared", domain)
    yield minutes(world, 1, 9)
    domain.change(world.now, verification={"status": "verified", "strategy": "email_code", "attempts": 1})
    request = world.request(admin.desk)
    request.emit("organization_domain.affiliation.verified", domain)
    request.emit("organization_domain.ownership_verified", domain, strategy="dns_txt")
    yield seconds(world, 10, 100)
    domain.change(world.now, enrollment_mode="automatic_suggestion", total_pending_suggestions=2)
    request = world.request(admin.desk)
    request.emit("organization_domain.enrollment_mode.updated", domain)
    request.emit("organization_domain.updated", domain)
    yield minutes(world, 10, 200)
    yield from _colleagues_ask_to_join(world, company)
    if world.dice.chance(0.3):
        world.request(admin.desk).emit("organization_domain.deleted", domain, deleted=True)


def closes_organization(world: World) -> Story:
    """A small organization is closed by the one who made it."""
    small = [company for company in world.companies if len(company.members) == 1]
    if not small or len(world.companies) < 6:
        return
    company = world.dice.pick(small)
    world.companies.remove(company)
    request = world.request(company.members[0].desk)
    request.emit("organization.deleted", company.organization, deleted=True)
    yield 0


def join(request: Request, company: Company, person: Person, role: str) -> None:
    """Make a person a member."""
    world, organization = request.world, company.organization
    if person not in company.members:
        company.members.append(person)
        organization.change(world.now, members_count=len(company.members))
    membership = resources.membership(world.dice, world.now, organization, person.user, role)
    company.memberships[person.user.id] = membership
    request.emit("organization_membership.created", membership)


def leave(request: Request, company: Company, person: Person) -> None:
    """End a membership."""
    if person.user.id in company.memberships:
        company.members.remove(person)
        company.organization.change(request.world.now, members_count=len(company.members))
        request.emit("organization_membership.deleted", company.memberships.pop(person.user.id), deleted=True)


def _colleagues_ask_to_join(world: World, company: Company) -> Story:
    for outcome in ("accepted", "rejected", "suggestion"):
        colleague = new_person(world, domain=company.domain)
        world.people.append(colleague)
        if outcome == "suggestion":
            request = world.request(colleague.desk)
            suggestion = resources.thing(
                world.dice, world.now, "organization_suggestion", "orgsug", status="accepted",
                organization_id=company.organization.id, user_id=colleague.user.id,
            )  # fmt: skip
            request.emit("organization_suggestion.accepted", suggestion)
        else:
            wish = resources.thing(
                world.dice, world.now, "organization_membership_request", "orgmemreq", status=outcome,
                organization_id=company.organization.id, user_id=colleague.user.id,
            )  # fmt: skip
            request = world.request(company.members[0].desk)
            request.emit(f"organization_membership_request.{outcome}", wish)
        if outcome != "rejected":
            join(request, company, colleague, "org:member")
        yield minutes(world, 5, 60)
