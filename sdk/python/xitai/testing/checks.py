"""The host's rules on steps, as errors of a test."""

from typing import TYPE_CHECKING, Any

from .drawing import draw, kind_of

if TYPE_CHECKING:
    from .bank import Kept
    from .page import Page

NODES_MAX = 1_000
DEPTH_MAX = 30
STATE_BYTES_MAX = 64 << 10
WATCHES_MAX = 8
NODE_ID_BYTES_MAX = 64


def _must(holds: object, told: str) -> None:
    if not holds:
        raise AssertionError(told)


def check_step(step: Any) -> None:
    """Fails the test where the host would refuse the step."""
    _must(len(step.state) <= STATE_BYTES_MAX, f"the state takes {len(step.state)} bytes, more than 64 KiB")
    _must(len(step.watch) <= WATCHES_MAX, f"{len(step.watch)} names are watched, more than 8")
    nodes = step.screen.nodes
    _must(len(nodes) <= NODES_MAX, f"the screen has {len(nodes)} nodes, more than 1,000")
    ids: set[str] = set()
    for node in nodes:
        _must(1 <= len(node.id.encode()) <= NODE_ID_BYTES_MAX, f"the id `{node.id}` is not 1 to 64 bytes")
        _must(node.id not in ids, f"two nodes have the id `{node.id}`")
        ids.add(node.id)
    used: set[int] = set()

    def walk(index: int, depth: int) -> None:
        _must(depth <= DEPTH_MAX, "the screen is more than 30 deep")
        _must(0 <= index < len(nodes) and index not in used, f"the node {index} is used twice, or is not there")
        used.add(index)
        for child in nodes[index].children:
            walk(child, depth + 1)

    walk(step.screen.root, 1)
    _must(len(used) == len(nodes), "a node hangs nowhere in the tree")


def check_sheet(kept: "Kept", page: "Page", chain: int | None, ticket: str) -> None:
    """Fails the test where the host would not open the sheet."""
    bill = next((it for it in kept.payments if it.payment.ticket == ticket), None)
    ask = kept.asks.get(ticket)
    waiting, arms = (bill, bill.payment.payable) if bill else (ask, ask.arms if ask else None)
    if waiting is None:
        raise AssertionError(f"nothing that waits has the ticket `{ticket}`")
    _must(waiting.page == page.number, "the ticket belongs to another session")
    if arms is None:
        return
    if page.armed is None:
        raise AssertionError("a sheet needs a tap on a button with an amount; none was tapped")
    _must(waiting.chain == chain, "the ticket was made before the tap that agreed to it")
    armed = page.armed.amount
    _must(
        (armed.minor, armed.currency) == (arms.minor, arms.currency),
        f"the button says {armed.minor} {armed.currency}, the payment {arms.minor} {arms.currency}",
    )


def node_to_tap(screen: Any, id: str) -> Any:
    """The node that a customer acts on; fails the test where it is not there or takes no taps."""
    node = next((shown for shown in screen.nodes if shown.id == id), None)
    if node is None:
        raise AssertionError(f"nothing on the screen has the id `{id}`:\n{draw(screen)}")
    kind = kind_of(node)
    if kind == "Button":
        _must(not node.element.value.disabled, f"the button `{id}` is disabled")
    elif kind in ("Item", "Card"):
        _must(("tap", "yes") in [tuple(prop) for prop in node.props], f"`{id}` is not tappable: it lacks `tap=True`")
    else:
        _must(kind in ("Items", "Quantity", "Toggle", "Choice", "Other"), f"`{id}` takes no taps: it is a {kind}")
    return node
