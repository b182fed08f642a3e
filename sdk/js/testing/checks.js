// The host's rules on steps, as errors of a test.
import { draw } from "./drawing.js";

const NODES_MAX = 1_000;
const DEPTH_MAX = 30;
const STATE_BYTES_MAX = 64 << 10;
const WATCHES_MAX = 8;
const NODE_ID_BYTES_MAX = 64;

function must(holds, told) {
  if (!holds) throw new Error(told());
}

/** Throws where the host would refuse the step. */
export function checkStep({ state, watch, screen }) {
  must(state.length <= STATE_BYTES_MAX, () => `the state takes ${state.length} bytes, more than 64 KiB`);
  must(watch.length <= WATCHES_MAX, () => `${watch.length} names are watched, more than 8`);
  const { nodes, root } = screen;
  must(nodes.length <= NODES_MAX, () => `the screen has ${nodes.length} nodes, more than 1,000`);
  const ids = new Set();
  for (const { id } of nodes) {
    const bytes = new TextEncoder().encode(id).length;
    must(bytes >= 1 && bytes <= NODE_ID_BYTES_MAX, () => `the id \`${id}\` is not 1 to 64 bytes`);
    must(!ids.has(id), () => `two nodes have the id \`${id}\``);
    ids.add(id);
  }
  const used = new Set();
  const walk = (index, depth) => {
    must(depth <= DEPTH_MAX, () => "the screen is more than 30 deep");
    must(nodes[index] && !used.has(index), () => `the node ${index} is used twice, or is not there`);
    used.add(index);
    nodes[index].children.forEach((child) => walk(child, depth + 1));
  };
  walk(root, 1);
  must(used.size === nodes.length, () => "a node hangs nowhere in the tree");
}

/** Throws where the host would not open the sheet. */
export function checkSheet(kept, page, chain, ticket) {
  const bill = kept.payments.find((it) => it.payment.ticket === ticket);
  const waiting = bill ? { page: bill.page, arms: bill.payment.payable, chain: bill.chain } : kept.asks[ticket];
  must(waiting, () => `nothing that waits has the ticket \`${ticket}\``);
  must(waiting.page === page.number, () => "the ticket belongs to another session");
  if (!waiting.arms) return;
  const { armed } = page;
  must(armed, () => "a sheet needs a tap on a button with an amount; none was tapped");
  must(waiting.chain === chain, () => "the ticket was made before the tap that agreed to it");
  const { minor, currency } = waiting.arms;
  must(armed.minor === minor && armed.currency === currency, () => `the button says ${armed.minor} ${armed.currency}, the payment ${minor} ${currency}`);
}

/** The node that a customer acts on; throws where it is not there or takes no taps. */
export function nodeToTap(screen, id) {
  const node = screen.nodes.find((shown) => shown.id === id);
  must(node, () => `nothing on the screen has the id ${id}:\n${draw(screen)}`);
  const { tag, val } = node.element;
  const marked = node.props.some(([name, value]) => name === "tap" && value === "yes");
  if (tag === "button") must(!val.disabled, () => `the button \`${id}\` is disabled`);
  else if (tag === "item" || tag === "card") must(marked, () => `\`${id}\` is not tappable: it lacks \`tap: true\``);
  else must(["items", "quantity", "toggle", "choice", "other"].includes(tag), () => `\`${id}\` takes no taps: it is a ${tag}`);
  return node;
}
