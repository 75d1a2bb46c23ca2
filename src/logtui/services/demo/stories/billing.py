"""Money: users and organizations subscribe, try, change, and stop."""

from __future__ import annotations

from logtui.services.demo import resources
from logtui.services.demo.resources import Resource
from logtui.services.demo.stories.visits import minutes, seconds
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import Caller, World

PLANS = (("starter", 900), ("pro", 2500), ("business", 9900))


def user_subscribes(world: World) -> Story:
    """A person buys a plan for themselves."""
    person = world.somebody()
    yield from _buys(world, person.desk, person.user)


def organization_subscribes(world: World) -> Story:
    """An administrator buys a plan for the organization, which may then have more members."""
    company = world.dice.pick(world.companies)
    yield from _buys(world, company.members[0].desk, company.organization)
    company.organization.change(world.now, plan="pro", max_allowed_memberships=50)
    world.request(company.members[0].desk).emit("organization.updated", company.organization)


def tries_for_free(world: World) -> Story:
    """A trial begins, is extended by staff, ends with a change of the price or a cancellation."""
    company = world.dice.pick(world.companies)
    person = company.members[0]
    payer = world.dice.pick((company.organization, person.user))
    plan, amount = world.dice.pick(PLANS)
    item = resources.subscription_item(world.dice, world.now, payer, plan, amount)
    item.change(world.now, is_free_trial=True)
    world.request(person.desk).emit(f"{payer.kind}.subscription_item.free_trial.started", item)
    yield minutes(world, 600, 4000)
    item.change(world.now, period_end=item.number("period_end") + resources.WEEK_MS)
    staff = world.dice.pick(world.staff)
    world.request(staff.desk).emit(f"{payer.kind}.subscription_item.free_trial.extended", item, days=7)
    yield minutes(world, 600, 4000)
    if world.dice.chance(0.5):
        item.change(world.now, is_free_trial=False)
        new_price = amount + amount // 10
        world.request(staff.desk).emit(
            f"{payer.kind}.subscription_item.price_transition.created", item, amount=new_price
        )
    else:
        _cancel(world, person.desk, payer, item)


def _buys(world: World, caller: Caller, payer: Resource) -> Story:
    dice = world.dice
    plan, amount = dice.pick(PLANS)
    basket = resources.checkout(dice, world.now, payer, plan, amount)
    world.request(caller).emit(f"{payer.kind}.checkout.created", basket)
    yield seconds(world, 20, 120)
    if dice.chance(0.4):
        yield from _tries_promo_codes(world, caller, payer, basket, amount)
    card = resources.payment_method(dice, world.now, payer)
    request = world.request(caller)
    request.emit(f"{payer.kind}.payment_method.initialized", card)
    yield seconds(world, 5, 40)
    request = world.request(caller)
    card.change(world.now, status="active", is_default=True)
    request.emit(f"{payer.kind}.payment_method.created", card)
    request.emit(f"{payer.kind}.default_payment_method.set", card)
    basket.change(world.now, status="completed", payment_method_id=card.id)
    request.emit(f"{payer.kind}.checkout.confirmed", basket)
    item = resources.subscription_item(dice, world.now, payer, plan, amount)
    world.timeline.start(_regrets(world, caller, payer, item, card), world.now + minutes(world, 200, 6000))


def _regrets(world: World, caller: Caller, payer: Resource, item: Resource, card: Resource) -> Story:
    if world.dice.chance(0.5):
        _cancel(world, caller, payer, item)
        yield seconds(world, 20, 80)
        world.request(caller).emit(f"{payer.kind}.payment_method.deleted", card, deleted=True)


def _tries_promo_codes(world: World, caller: Caller, payer: Resource, basket: Resource, amount: int) -> Story:
    code = world.dice.pick(("WELCOME10", "FRIENDS25", "🎉PARTY"))
    discount = amount // 10
    basket.change(
        world.now, promo_code=code, totals={"subtotal": amount, "discount": discount, "total": amount - discount}
    )
    world.request(caller).emit(f"{payer.kind}.checkout.promo_code.applied", basket)
    yield seconds(world, 8, 40)
    if world.dice.chance(0.4):
        basket.change(world.now, promo_code=None, totals={"subtotal": amount, "discount": 0, "total": amount})
        world.request(caller).emit(f"{payer.kind}.checkout.promo_code.removed", basket)
        yield seconds(world, 8, 40)


def _cancel(world: World, caller: Caller, payer: Resource, item: Resource) -> None:
    item.change(world.now, status="canceled", canceled_at=world.now // 1000)
    world.request(caller).emit(f"{payer.kind}.subscription_item.canceled", item)
