"""Coupons of the campaigns that a test opened with `Bank.open_campaign`. Their funders have money without end."""

from typing import Any, Sequence

from ...stage import Record
from ..call import asking, numbered, refuse


def _is_free(owned: Any) -> bool:
    """No payment has it that is open or paid, and its time is not over."""
    using = [it for it in asking().kept.payments if owned.coupon.id in it.order.coupons]
    dead = all(it.payment.status in ("declined", "cancelled", "expired") for it in using)
    return asking().bank.now < owned.coupon.expires and dead


def discount_of(amount: Any, ids: Sequence[str]) -> int:
    """What coupons take off, in their order; one minor unit stays to be paid."""
    call, rest = asking(), amount.minor
    for id in ids:
        owned = next((it for it in call.kept.coupons if it.coupon.id == id and it.subject == call.subject), None)
        owned = owned or refuse("not-found", "coupon.not-found", id)
        if not _is_free(owned):
            refuse("conflict", "coupon.not-usable", id)
        if owned.coupon.minimum_spend.minor > amount.minor:
            refuse("invalid", "coupon.minimum", id)
        points = owned.coupon.basis_points
        part = rest if points is None else rest * points // 10_000
        rest -= min(part, owned.coupon.worth.minor, rest - 1)
    return amount.minor - rest


def _give(offer: Any, key: str, code: str | None) -> Any:
    call = asking()
    before = next((it for it in call.kept.coupons if it.subject == call.subject and it.key == key), None)
    if before:
        return before.coupon if before.campaign == offer.campaign else refuse("conflict", "coupon.key-differs", key)
    coupon = Record(
        id=numbered("coupon"), title=offer.title, worth=offer.worth, basis_points=offer.basis_points, minimum_spend=offer.minimum_spend,
        expires=offer.until, ticket=None,
    )
    call.kept.coupons.append(Record(coupon=coupon, campaign=offer.campaign, subject=call.subject, key=key, code=code))
    return coupon


class Coupons:
    @staticmethod
    def offers() -> Any:
        return [it.offer for it in asking().bank.campaigns if asking().bank.now < it.offer.until]

    @staticmethod
    def eligible() -> Any:
        return [it.coupon for it in asking().kept.coupons if it.subject == asking().subject and _is_free(it)]

    @staticmethod
    def price(amount: Any, ids: list[str]) -> Any:
        discount = discount_of(amount, ids)

        def money(minor: int) -> Any:
            return Record(minor=minor, currency=amount.currency)

        funded = [("head-office", money(discount))] if discount else []
        return Record(discount=money(discount), payable=money(amount.minor - discount), funded_by=funded)

    @staticmethod
    def claim(campaign: str, key: str) -> Any:
        found = next((it for it in asking().bank.campaigns if it.offer.campaign == campaign and not it.offer.by_code), None)
        return _give((found or refuse("not-found", "campaign.not-found", campaign)).offer, key, None)

    @staticmethod
    def redeem_code(code: str, key: str) -> Any:
        found = next((it for it in asking().bank.campaigns if code in it.codes), None)
        used = any(it.code == code and it.key != key for it in asking().kept.coupons)
        if found is None or used:
            refuse("not-found", "coupon.code-wrong", code)
        return _give(found.offer, key, code)
