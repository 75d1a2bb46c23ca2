"""What no person does: directory syncs, servers, agents, webhooks."""

from __future__ import annotations

from dataclasses import replace

from logtui.core.clock import SECOND
from logtui.services.demo import cast, resources
from logtui.services.demo.stories.organizations import join, leave
from logtui.services.demo.stories.visits import minutes, seconds
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import Caller, World, hosting_address, new_person


def syncs_directory(world: World) -> Story:
    """A company's directory tells who came, who changed and who left; now and then a record is refused."""
    company = world.companies[0]
    machine = Caller(
        "scim", f"mch_{company.organization.id[4:]}", "machine", f"{cast.HOSTING_NETWORK}.20", "Okta-SCIM/2.0"
    )
    for _ in range(world.dice.between(0, 2)):
        newcomer = new_person(world, domain=company.domain)
        request = world.request(machine)
        request.emit("scim.user.created", newcomer.user, email=newcomer.email)
        join(request, company, newcomer, "org:member")
        world.people.append(newcomer)
        yield world.dice.between(SECOND, 3 * SECOND)
    for member in company.members[1:][: world.dice.between(1, 4)]:
        member.user.change(world.now, public_metadata={"title": world.dice.pick(("Engineer", "Analyst", "Director"))})
        kind = world.dice.pick(("scim.user.updated", "scim.user.patched"))
        world.request(machine).emit(kind, member.user, email=member.email)
        yield world.dice.between(SECOND, 3 * SECOND)
    group = company.group or resources.thing(world.dice, world.now, "scim_group", "grp", display_name="Everyone")
    company.group = group
    group.change(world.now, members=len(company.members))
    world.request(machine).emit("scim.group_membership.changed", group)
    if world.dice.chance(0.3):
        request = world.request(machine)
        request.emit(
            "scim.provisioning_failed", group, severity="error", reason="409: email_address is taken", attempts=3
        )
    if world.dice.chance(0.3) and len(company.members) > 6:
        yield world.dice.between(SECOND, 3 * SECOND)
        gone = company.members[-1]
        request = world.request(machine)
        leave(request, company, gone)
        request.emit("scim.user.deleted", gone.user, email=gone.email, deleted=True)
        world.people = [person for person in world.people if person is not gone]


def server_works(world: World) -> Story:
    """A customer's backend changes users' notes, makes tokens for its services, and ends sessions."""
    server = world.dice.pick(world.servers)
    for _ in range(world.dice.between(1, 3)):
        person = world.somebody()
        person.user.change(
            world.now, public_metadata={"plan": world.dice.pick(("free", "pro")), "seen": world.dice.between(1, 99)}
        )
        request = world.request(server)
        request.emit("user.metadata.updated", person.user)
        if world.dice.chance(0.3):
            token = resources.thing(world.dice, world.now, "jwt_service_token", "jst", audience="ledger", lifetime=60)
            request.emit("jwt_service_token.created", token)
        yield seconds(world, 1, 30)


def agent_works(world: World) -> Story:
    """A person lets an agent act for them for a while."""
    person = world.somebody()
    task = resources.thing(
        world.dice, world.now, "agent_task", "agt", status="active", user_id=person.user.id, scopes=["calendar:read"]
    )
    world.request(person.desk).emit("agent_task.created", task, model="scheduler-2")
    yield minutes(world, 5, 60)
    task.change(world.now, status="revoked")
    world.request(person.desk).emit("agent_task.revoked", task)


def authorizes_application(world: World) -> Story:
    """An application of somebody else asks for access: granted and used, denied, or failed."""
    person, dice = world.somebody(), world.dice
    name = dice.pick(("Reporter", "Calendar Sync", "MCP Inspector"))
    application = resources.thing(
        dice, world.now, "oauth_application", "oac", name=name, scopes="profile email", public=True
    )
    server = Caller("frontend_api", ip=hosting_address(dice), agent=dice.pick(cast.SDK_AGENTS))
    made = "oauth_application.dynamically_registered" if dice.chance(0.3) else "oauth_application.created"
    world.request(server if "dynamic" in made else dice.pick(world.staff).desk).emit(made, application)
    yield minutes(world, 1, 30)
    match dice.weighted(("granted", "denied", "failed"), (6, 1, 2)):
        case "denied":
            world.request(person.desk).emit("oauth_consent.denied", application, user_id=person.user.id)
        case "failed":
            world.request(person.desk).emit("oauth_authorization.failed", application, reason="invalid_redirect_uri")
        case _:
            world.request(person.desk).emit("oauth_authorization.granted", application, user_id=person.user.id)
            yield seconds(world, 1, 3)
            token = resources.thing(
                dice, world.now, "oauth_token", "oat", client=application.id, user_id=person.user.id
            )
            world.request(replace(server, actor=application.id, actor_type="oauth_application")).emit(
                "oauth_token.created", token
            )
            yield minutes(world, 30, 600)
            world.request(person.desk).emit("oauth_session.ended", token)


def webhook_storm(world: World) -> Story:
    """An endpoint answers 503 for half an hour; deliveries fail, are retried, and it is disabled, then comes back."""
    dice = world.dice
    endpoint = resources.thing(
        dice, world.now, "webhook_endpoint", "whk", url="https://hooks.kestrel.example/in", status="enabled", failures=0
    )
    sender = Caller("webhooks", actor_type="system", ip=f"{cast.HOSTING_NETWORK}.99", agent="Svix-Webhooks/1.78")
    for attempt in range(1, dice.between(24, 36)):
        endpoint.change(world.now, failures=attempt)
        request = world.request(sender)
        delivery = dice.resource_id("msg")
        for retry in range(1, dice.between(2, 4)):
            request.emit(
                "webhook.delivery.failed",
                endpoint,
                message=delivery,
                attempts=retry,
                http_status=dice.pick((503, 503, 504)),
            )
        if attempt % 12 == 0:
            request.emit("webhook.delivery.exhausted", endpoint, message=delivery)
        yield seconds(world, 15, 75)
    endpoint.change(world.now, status="disabled")
    world.request(sender).emit("webhook.endpoint.disabled", endpoint, severity="error")
    yield minutes(world, 20, 60)
    endpoint.change(world.now, status="enabled", failures=0)
    world.request(dice.pick(world.staff).desk).emit("webhook.endpoint.enabled", endpoint)
    yield seconds(world, 2, 9)
    world.request(sender).emit("webhook.delivery.succeeded", endpoint, message=dice.resource_id("msg"), http_status=200)


def flips_feature(world: World) -> Story:
    """A deployment turns a feature on for some, and off again. The catalogue does not know these types."""
    flag = resources.thing(world.dice, world.now, "feature_flag", "flag", key="new-checkout", rollout=0, enabled=False)
    server = world.dice.pick(world.servers)
    for rollout in (5, 25, 100)[: world.dice.between(1, 3)]:
        flag.change(world.now, rollout=rollout, enabled=True)
        world.request(server).emit("feature_flag.rollout.updated", flag)
        yield minutes(world, 10, 90)
