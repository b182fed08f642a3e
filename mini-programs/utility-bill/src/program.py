"""The bill of a water company: asked for, paid or charged, and noted with the company."""

from xitai import Changed, Context, Event, Launch, Refused, Replied, SheetClosed, Step, Submitted, make_program
from xitai.payments import mandates, payments
from xitai.services import storage
from xitai.ui import no_screen

from bills import Bill, State, allow, ask, begun, mandate, note, pay, read, remember
from screens import show


def open(ctx: Context, launch: Launch) -> Step[State]:
    if launch.surface == "background":
        return Step(State(), no_screen())
    meter = storage.get("meter") or ""
    return show(ctx, ask(State(meter)) if meter else State())


def update(ctx: Context, state: State, event: Event) -> Step[State]:
    if ctx.actor.kind == "nobody":
        return Step(state, no_screen())
    match event:
        case Submitted(form="meter"):
            storage.set("meter", event.text("number"))
            return show(ctx, ask(State(event.text("number"))))
        case Replied(call=call) if call == state.call:
            return answered(ctx, state, event)
        case SheetClosed():
            return decided(ctx, state, event)
        case Changed(id=id) if id == state.payment:
            return went_on(ctx, state)
    if event.is_tap("other"):
        storage.remove("meter")
        return show(ctx, State())
    if event.is_tap("allow"):
        return show(ctx, state, sheet=allow(ctx).ticket)
    if event.is_tap("end"):
        held = mandate()
        if held:
            mandates.revoke(held.id)
        storage.remove("mandate")
        return show(ctx, state)
    if event.is_tap("note"):
        return show(ctx, note(state))
    if state.bill and not state.bill.paid:
        if event.is_tap("pay"):
            return paid_by_hand(ctx, state, state.bill)
        if event.is_tap("charge"):
            return charged(ctx, state, state.bill)
    return show(ctx, state)


def answered(ctx: Context, state: State, reply: Replied) -> Step[State]:
    if state.waits == "noted":
        noted = reply.status == 200
        return show(ctx, State(state.meter, state.bill, payment=state.payment, trouble=None if noted else "not-noted"), celebrate=noted)
    bill = read(reply) if reply.status == 200 else None
    if bill:
        return show(ctx, State(state.meter, bill))
    return show(ctx, State(state.meter, trouble="unknown-meter" if reply.status == 404 else "no-answer"))


def paid_by_hand(ctx: Context, state: State, bill: Bill) -> Step[State]:
    payment = pay(ctx, state.meter, bill)
    if payment.is_confirmed:
        return show(ctx, note(State(state.meter, bill, payment=payment.id)))
    return show(ctx, State(state.meter, bill, payment=payment.id, trouble=None if payment.ticket else "pending"), sheet=payment.ticket)


def charged(ctx: Context, state: State, bill: Bill) -> Step[State]:
    """By the mandate: settled at once, or more than was allowed."""
    held = mandate()
    if held is None:
        return show(ctx, state)
    earlier = begun(state.meter, bill)
    if earlier is not None:
        return went_on(ctx, State(state.meter, bill, payment=earlier.id))
    try:
        payment = mandates.charge(held.id, bill.due, f"charged-{state.meter}-{bill.bill}")
    except Refused as refused:
        if refused.kind not in ("limited", "conflict"):
            raise
        return show(ctx, State(state.meter, bill, trouble="not-charged"))
    remember(state.meter, bill, payment)
    return show(ctx, note(State(state.meter, bill, payment=payment)))


def decided(ctx: Context, state: State, closed: SheetClosed) -> Step[State]:
    """A sheet was the mandate's, whose id comes with it, or the payment's."""
    if closed.agreed and closed.text:
        storage.set("mandate", closed.text)
        return show(ctx, state)
    return went_on(ctx, state)


def went_on(ctx: Context, state: State) -> Step[State]:
    """How the payment of the bill stands now."""
    if not state.payment or state.bill is None or state.bill.paid:
        return show(ctx, State(state.meter, state.bill, payment=state.payment))
    payment = payments.get(state.payment)
    if payment.is_confirmed:
        return show(ctx, note(state))
    if payment.is_dead:
        return show(ctx, State(state.meter, state.bill, trouble="not-paid"))
    return show(ctx, State(state.meter, state.bill, payment=state.payment, trouble="pending"))


Program = make_program(State, open, update)
