"""A screen as plain text, for a test to compare and a person to read: one line an element, children indented. What can be
acted on shows its id in brackets. The SDKs of all languages draw alike."""

from typing import Any, Callable

from ..money import Money


def draw(screen: Any) -> str:
    lines = [f"# {screen.title}"]

    def walk(index: int, depth: int) -> None:
        node = screen.nodes[index]
        line = _LINES[kind_of(node)](getattr(node.element, "value", None), node)
        if line:
            lines.append("  " * depth + line)
        for child in node.children:
            walk(child, depth + bool(line))

    for child in screen.nodes[screen.root].children:
        walk(child, 0)
    return "\n".join(lines)


def kind_of(node: Any) -> str:
    """Such as `TextField`."""
    return type(node.element).__name__.removeprefix("Element_")


def _money(money: Any) -> Money:
    return Money(money.minor, money.currency)


def _item(item: Any, node: Any) -> str:
    line = f"- {item.title}" + (f" / {item.subtitle}" if item.subtitle else "") + (f" … {item.trailing}" if item.trailing else "")
    return f"{line} [{node.id}]" if any(name == "tap" for name, _ in node.props) else line


def _button(button: Any, node: Any) -> str:
    amount = f"{_money(button.amount)} " if button.amount else ""
    return f"( {amount}{button.text} ) [{node.id}{', disabled' if button.disabled else ''}]"


def _choice(choice: Any, node: Any) -> str:
    shown = [f"*{text}" if key in choice.selected else text for key, text in choice.options]
    return f"{node.label or ''}: {' | '.join(shown)} [{node.id}]"


_LINES: dict[str, Callable[[Any, Any], str]] = {
    "Column": lambda value, node: "",
    "Row": lambda value, node: "",
    "Items": lambda value, node: "",
    "Card": lambda value, node: "card",
    "Section": lambda title, node: f"== {title}",
    "Divider": lambda value, node: "---",
    "Tabs": lambda names, node: f"tabs: {' | '.join(names)}",
    "Form": lambda value, node: f"form [{node.id}]",
    "Item": _item,
    "Heading": lambda text, node: f"## {text}",
    "Paragraph": lambda text, node: text,
    "Notice": lambda notice, node: f"({notice.tone.word}) {notice.text}",
    "Badge": lambda text, node: f"<{text}>",
    "KeyValues": lambda pairs, node: "; ".join(f"{key}: {value}" for key, value in pairs),
    "Amount": lambda money, node: str(_money(money)),
    "Image": lambda image, node: f"image: {image.alt}",
    "Icon": lambda name, node: f"icon: {name}",
    "Qr": lambda text, node: f"qr: {text}",
    "Media": lambda handle, node: f"media: {handle}",
    "Document": lambda document, node: f"document: {document.title}",
    "Progress": lambda progress, node: f"progress: {progress.done}/{progress.total}",
    "Chart": lambda chart, node: f"chart: {len(chart.points)} points in {chart.unit}",
    "Timeline": lambda moments, node: "  ".join(f"{'●' if it.reached else '○'} {it.text}" for it in moments),
    "Coupon": lambda id, node: f"coupon: {id}",
    "Button": _button,
    "Link": lambda link, node: f"-> {link.text} [{link.page}]",
    "TextField": lambda field, node: f"{node.label or ''}: `{field.value}` [{node.id}]",
    "Choice": _choice,
    "Toggle": lambda toggle, node: f"{'[x]' if toggle.on else '[ ]'} {toggle.text} [{node.id}]",
    "DateField": lambda field, node: f"{node.label or ''}: {field.value or '-'} [{node.id}]",
    "Quantity": lambda quantity, node: f"(-) {quantity.value} (+) [{node.id}]",
    "SecureField": lambda ticket, node: "secure field",
    "Other": lambda extension, node: f"other: {extension.kind}",
}
