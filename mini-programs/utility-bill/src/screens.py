"""What is shown."""

from xitai import Context, Step
from xitai.ui import Child, amount, button, card, form, heading, key_values, notice, paragraph, screen, text_field

from bills import EACH_AT_MOST, MONTH_AT_MOST, State, mandate


def show(ctx: Context, state: State, *, sheet: str | None = None, celebrate: bool = False) -> Step[State]:
    page = screen(ctx.say("水费", "Water bill"), _trouble(ctx, state), _body(ctx, state), _standing(ctx, state))
    return Step(state, page, sheet=sheet, celebrate=celebrate)


def _trouble(ctx: Context, state: State) -> Child:
    told = {
        "unknown-meter": ctx.say("没有这个户号，请再看一下。", "There is no such meter. Please look again."),
        "no-answer": ctx.say("水务公司没有回音，请稍后再查。", "The water company did not answer. Please try again later."),
        "not-noted": ctx.say("钱已付给水务公司，但它还没有登记。", "The money is with the company, but it has not noted it yet."),
        "not-paid": ctx.say("没有付款。", "Nothing was paid."),
        "pending": ctx.say("银行还在处理这笔付款。", "The bank is still at this payment."),
        "not-charged": ctx.say("超出代扣限额，请直接付款。", "That is more than you allowed. Please pay it yourself."),
    }
    return notice(told[state.trouble], "warning") if state.trouble else None


def _body(ctx: Context, state: State) -> Child:
    if state.waits == "bill":
        return paragraph(ctx.say("正在向水务公司查账单…", "Asking the water company…"))
    if state.bill is None:
        return form(
            text_field(ctx.say("户号", "Meter number"), id="number", value=state.meter, input="digits", required=True, max_chars=12),
            button(ctx.say("查账单", "Show the bill"), id="ask", weight="primary"),
            id="meter",
        )
    bill = state.bill
    about = key_values([(ctx.say("户号", "Meter"), state.meter), (ctx.say("账期", "Month"), bill.bill)])
    again = button(ctx.say("换一个户号", "Another meter"), id="other")
    if bill.paid:
        tell = button(ctx.say("再告诉水务公司", "Tell the company again"), id="note") if state.trouble == "not-noted" else None
        return [card(heading(ctx.say("已付清", "Paid")), amount(bill.due), about), tell, again]
    charged = mandate() is not None
    # By a mandate no sheet opens, so the button carries no amount that the host would arm.
    pay = (
        button(ctx.say(f"代扣 {bill.due}", f"Charge {bill.due}"), id="charge", weight="primary")
        if charged
        else button(ctx.say("付款", "Pay"), id="pay", weight="primary", amount=bill.due)
    )
    by_hand = button(ctx.say("自己付款", "Pay it myself"), id="pay", amount=bill.due) if charged else None
    return [card(heading(ctx.say("待付", "To pay")), amount(bill.due), about), pay, by_hand, again]


def _standing(ctx: Context, state: State) -> Child:
    """The mandate: offered, or with the way out."""
    if state.waits == "bill" or not state.meter:
        return None
    held = mandate()
    if held is None:
        limits = ctx.say(f"每次不超过 {EACH_AT_MOST}，每月不超过 {MONTH_AT_MOST}", f"At most {EACH_AT_MOST} each, {MONTH_AT_MOST} a month")
        offer = button(ctx.say("签自动代扣", "Allow charges"), id="allow", amount=EACH_AT_MOST)
        return card(heading(ctx.say("自动代扣", "Charged by itself")), paragraph(limits), offer)
    used = ctx.say(f"本月已代扣 {held.used_in_period}", f"{held.used_in_period} charged this month")
    return card(heading(ctx.say("自动代扣", "Charged by itself")), paragraph(used), button(ctx.say("取消代扣", "End it"), id="end", weight="danger"))
