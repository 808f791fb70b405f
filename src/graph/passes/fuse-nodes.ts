import { InternalError } from "../../core/errors.ts";
import { onceEach } from "../../core/once-each.ts";
import { sameShape, sizeOf, stridesOf } from "../../core/shape.ts";
import { affineOffset } from "../../ir/affine.ts";
import { type Expr, index } from "../../ir/expr.ts";
import { type Dataflow, graphResults, type Node, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import { BodyBuilder, isPlainAlias, meaningOf, throughAliases } from "./build-body.ts";
import { Clusters } from "./cluster-nodes.ts";
import type { Followers, FollowersOf } from "./find-followers.ts";
import type { Kernel, MapKernel, ReduceKernel } from "./kernel.ts";

/** Whether a backend can run a kernel at full speed; a fusion that it cannot is not made. */
export interface FuseOptions {
  readonly accepts: (kernel: MapKernel | ReduceKernel) => boolean;
  /** What products compute on their way out; nothing by default. */
  readonly followersOf?: FollowersOf;
}

/**
 * Joins elementwise nodes into kernels: chains and siblings of one shape become one pass over memory, views and
 * constants vanish into the loads of their users, and a reduction takes in what only it uses.
 */
export function fuseNodes(graph: Dataflow, options: FuseOptions): Kernel[] {
  return new Fusion(graph, options).run();
}

class Fusion {
  readonly #graph: Dataflow;
  readonly #options: FuseOptions;
  /** What an earlier part of a cut graph computes is not here: it is read from memory. */
  readonly #own: ReadonlySet<Node>;
  readonly #consumers = new Map<Tensor, Node[]>();
  readonly #results: ReadonlySet<Tensor>;
  readonly #clusters: Clusters;
  /** Tensors that are never stored: their users compute them. */
  readonly #inlined = new Set<Tensor>();
  /** Tensors that a reduction computes for itself alone. */
  readonly #absorbed = new Set<Tensor>();
  readonly #reduces = new Map<Node, ReduceKernel>();
  readonly #followers = new Map<Node, Followers>();
  /** The products that compute other nodes, by those. */
  readonly #leaders = new Map<Node, Node>();

  constructor(graph: Dataflow, options: FuseOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#own = new Set(graph.nodes);
    this.#results = new Set(graphResults(graph).map(throughAliases));
    for (const node of graph.nodes) {
      if (isPlainAlias(node)) continue;
      for (const input of new Set(node.inputs.map(throughAliases))) {
        const list = this.#consumers.get(input);
        if (list === undefined) this.#consumers.set(input, [node]);
        else list.push(node);
      }
    }
    this.#clusters = new Clusters();
  }

  run(): Kernel[] {
    for (const node of this.#graph.nodes) this.#place(node);
    for (const node of this.#graph.nodes) {
      const reduce = node.op.kind === "reduce" ? this.#buildReduce(node) : null;
      if (reduce !== null) this.#reduces.set(node, reduce);
    }
    return this.#clusters.ordered().flatMap((members) => this.#build(members));
  }

  #place(node: Node): void {
    if (node.op.kind === "source" || isPlainAlias(node) || this.#leaders.has(node)) return;
    this.#lead(node);
    if (isView(node) && !this.#isStored(node)) {
      for (const output of node.outputs) this.#inlined.add(output);
      return;
    }
    const producers = this.#producers(node);
    const joins = isRegular(node) ? producers.filter((p) => this.#joinable(p, node)) : [];
    this.#clusters.add(node, producers, joins);
  }

  #lead(node: Node): void {
    const readersOf = (x: Tensor) => (this.#results.has(x) ? [] : (this.#consumers.get(x) ?? []));
    const followers = this.#options.followersOf?.(node, readersOf);
    if (!followers) return;
    this.#followers.set(node, followers);
    for (const follower of followers.nodes) this.#leaders.set(follower, node);
  }

  /** The stored nodes whose values this one reads, through what is inlined. */
  #producers(node: Node): Node[] {
    const found = new Set<Node>();
    const visit = (x: Tensor) => {
      const producer = nodeOf(x);
      if (producer === null || producer.op.kind === "source" || !this.#own.has(producer)) return;
      // What reads memory under another shape must wait until it is written: such an alias stands between clusters.
      if (isPlainAlias(producer) || this.#inlined.has(x)) producer.inputs.forEach(visit);
      else found.add(this.#leaders.get(producer) ?? producer);
    };
    node.inputs.forEach(visit);
    return [...found];
  }

  #joinable(producer: Node, node: Node): boolean {
    return isRegular(producer) && sameShape(producer.outputs[0].shape, node.outputs[0].shape);
  }

  /** A view must be stored where something other than an elementwise node reads it. */
  #isStored(node: Node): boolean {
    const [out] = node.outputs;
    if (this.#results.has(out)) return true;
    return (this.#consumers.get(out) ?? []).some((user) => !canReadInline(user) || !this.#reducesInline(user, out));
  }

  /** Whether a reduction gains by computing the view x itself: it joins a stored one in an order of its own. */
  #reducesInline(user: Node, x: Tensor): boolean {
    if (user.op.kind !== "reduce") return true;
    const [stored, inline] = [() => false, (t: Tensor) => t === x].map((inside) =>
      this.#reduceOf(user, (t) => inside(t) || this.#inlined.has(t)),
    );
    return inline === null || stored === null || this.#options.accepts(inline) || !this.#options.accepts(stored);
  }

  #build(members: readonly Node[]): Kernel[] {
    const [first] = members;
    if (first.op.alias) return [];
    if (first.op.kind !== "map") {
      const { nodes, outputs } = this.#followers.get(first) ?? { nodes: [], outputs: first.outputs };
      return [this.#reduces.get(first) ?? { kind: "op", node: first, followers: nodes, inputs: first.inputs, outputs }];
    }
    const kernel = this.#buildMap(members);
    if (kernel === null) return [];
    if (members.length === 1 || this.#options.accepts(kernel)) return [kernel];
    // Halves in graph order: the first reads nothing of the second.
    const middle = members.length >> 1;
    return [...this.#build(members.slice(0, middle)), ...this.#build(members.slice(middle))];
  }

  #buildMap(members: readonly Node[]): MapKernel | null {
    const last = members[members.length - 1];
    const inside = new Set(members);
    const stored = members.flatMap((node) => (this.#usedOutside(node, inside) ? [node.outputs[0]] : []));
    if (stored.length === 0) return null;
    const builder = new BodyBuilder((x) => this.#inlined.has(x) || inside.has(nodeOf(x) as Node));
    const shape = last.outputs[0].shape;
    const here = shape.map((_, axis) => index(axis));
    const bodies = stored.map((x) => builder.computed(x, here));
    return { kind: "map", shape, inputs: builder.inputs, outputs: stored, bodies };
  }

  #usedOutside(node: Node, inside: ReadonlySet<Node>): boolean {
    const [out] = node.outputs;
    if (this.#absorbed.has(out)) return false;
    if (this.#results.has(out)) return true;
    return this.#users(out).some((user) => !inside.has(user));
  }

  /** Who reads x, through what is inlined. */
  #users(x: Tensor): Node[] {
    const direct = this.#consumers.get(x) ?? [];
    return direct.flatMap((user) => (this.#inlined.has(user.outputs[0]) ? this.#users(user.outputs[0]) : [user]));
  }

  #buildReduce(node: Node): ReduceKernel | null {
    const x = throughAliases(node.inputs[0]);
    const inlined = (t: Tensor) => this.#inlined.has(t);
    const producer = nodeOf(x);
    const own = producer === null ? null : this.#clusters.ownOf(producer);
    if (own !== null && this.#onlyReader(x, own, node)) {
      const members = new Set(own);
      const fused = this.#reduceOf(node, (t) => inlined(t) || members.has(nodeOf(t) as Node));
      if (fused !== null && this.#options.accepts(fused)) {
        this.#absorbed.add(x);
        return fused;
      }
    }
    return this.#reduceOf(node, inlined);
  }

  /** The kernel of a plain reduction that computes what is `inside` itself; null for another kind of node. */
  #reduceOf(node: Node, inside: (t: Tensor) => boolean): ReduceKernel | null {
    const run = runOf(node);
    const combine = meaningOf(node)?.combine;
    if (run === null || combine === undefined) return null;
    const [x] = node.inputs;
    const space = x.shape;
    const builder = new BodyBuilder(inside);
    const bodies = [
      builder.value(
        x,
        space.map((_, axis) => index(axis)),
      ),
    ];
    return { kind: "reduce", space, ...run, combine, inputs: builder.inputs, outputs: node.outputs, bodies };
  }

  /** Whether a whole cluster exists for this reduction alone. */
  #onlyReader(x: Tensor, members: readonly Node[], reader: Node): boolean {
    if (this.#inlined.has(x) || !members.every(isRegular)) return false;
    const inside = new Set<Node>([...members, reader]);
    return members.every(
      (node) => !this.#results.has(node.outputs[0]) && this.#users(node.outputs[0]).every((u) => inside.has(u)),
    );
  }
}

/** The run of axes that a plain reduction joins; null for products and windows, which have kernels of their own. */
function runOf(node: Node): { from: number; count: number } | null {
  const { axis, count } = node.attrs;
  return typeof axis === "number" && typeof count === "number" && node.inputs.length === 1
    ? { from: axis, count }
    : null;
}

/** A node that can be read element by element inside a kernel. */
function canReadInline(user: Node): boolean {
  return (user.op.kind === "map" && !user.op.alias) || (user.op.kind === "reduce" && runOf(user) !== null);
}

const classOf = onceEach(classify);

function isView(node: Node): boolean {
  return classOf(node) === "view";
}

/** Elementwise at equal coordinates: it can share a loop with others of its shape. */
function isRegular(node: Node): boolean {
  return classOf(node) === "regular";
}

function classify(node: Node): "view" | "regular" | "other" {
  if (node.op.kind !== "map" || node.op.alias || node.outputs.length !== 1) return "other";
  const body = meaningOf(node)?.body;
  if (body === undefined) throw new InternalError(`op "${node.op.name}" has no scalar meaning`);
  if (body.kind === "const") return "view";
  if (body.kind === "load") return isStraight(body, node) ? "view" : "other";
  return readsInPlace(body, node) ? "regular" : "other";
}

/** A load whose innermost step is 0 or 1 element: it vectorizes inside its user. */
function isStraight(body: Expr & { kind: "load" }, node: Node): boolean {
  if (body.guard !== null) return false;
  const affine = affineOffset(body.index, stridesOf(node.inputs[body.input].shape));
  if (affine === null) return false;
  const { shape } = node.outputs[0];
  const inner = shape.findLastIndex((n) => n !== 1);
  const step = affine.index.get(inner) ?? 0;
  return inner < 0 || step === 0 || step === 1;
}

function readsInPlace(body: Expr, node: Node): boolean {
  const rank = node.outputs[0].shape.length;
  const seen = new Set<Expr>();
  const visit = (e: Expr): boolean => {
    if (seen.has(e)) return true;
    seen.add(e);
    if (e.kind === "call") return e.args.every(visit);
    if (e.kind !== "load") return true;
    if (sizeOf(node.inputs[e.input].shape) <= 2 && e.index.every((i) => i.kind === "const")) return e.guard === null;
    const inPlace = e.index.length === rank && e.index.every((i, axis) => i.kind === "index" && i.axis === axis);
    return e.guard === null && inPlace;
  };
  return visit(body);
}
