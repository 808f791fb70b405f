import type { Node } from "../node.ts";

/** Larger kernels gain nothing, and passes that follow their depth would run out of stack. */
const MOST_MEMBERS = 64;

interface Cluster {
  readonly members: Node[];
  /** Clusters whose values it reads. */
  readonly reads: Set<Cluster>;
  readonly readers: Set<Cluster>;
  first: number;
  /** More than that of every cluster it reads: a path to this cluster goes through higher ones only. */
  level: number;
}

/** Sets of nodes that run together. Joining keeps the order of clusters free of cycles. */
export class Clusters {
  readonly #of = new Map<Node, Cluster>();
  #count = 0;

  /** Adds a node (in graph order), joined with the clusters of `joins` where that makes no cycle. */
  add(node: Node, producers: readonly Node[], joins: readonly Node[]): void {
    let home: Cluster = { members: [node], reads: new Set(), readers: new Set(), first: this.#count++, level: 0 };
    for (const producer of producers) {
      const read = this.#clusterOf(producer);
      link(home, read);
      home.level = Math.max(home.level, read.level + 1);
    }
    this.#of.set(node, home);
    for (const producer of joins) {
      const other = this.#clusterOf(producer);
      if (other === home || home.members.length + other.members.length > MOST_MEMBERS) continue;
      if (!this.#pathOutside(home, other) && !this.#pathOutside(other, home)) home = this.#merge(other, home);
    }
  }

  /** The members of a node's cluster, or null when it was not added. */
  ownOf(node: Node): readonly Node[] | null {
    return this.#of.get(node)?.members ?? null;
  }

  /** Every cluster's members, each after the clusters it reads. */
  ordered(): Node[][] {
    const out: Node[][] = [];
    const done = new Set<Cluster>();
    const all = [...new Set(this.#of.values())].sort((a, b) => a.first - b.first);
    for (const cluster of all) visitPostOrder(cluster, done, out);
    return out;
  }

  #clusterOf(node: Node): Cluster {
    return this.#of.get(node) as Cluster;
  }

  /** Whether `from` reads `to` through a third cluster. */
  #pathOutside(from: Cluster, to: Cluster): boolean {
    const seen = new Set<Cluster>([from, to]);
    const stack = [...from.reads].filter((c) => c.level > to.level && c !== from);
    while (stack.length > 0) {
      const cluster = stack.pop() as Cluster;
      if (seen.has(cluster)) continue;
      seen.add(cluster);
      for (const next of cluster.reads) {
        if (next === to) return true;
        if (next.level > to.level && !seen.has(next)) stack.push(next);
      }
    }
    return false;
  }

  #merge(into: Cluster, from: Cluster): Cluster {
    into.members.push(...from.members);
    into.first = Math.min(into.first, from.first);
    for (const c of from.reads) {
      c.readers.delete(from);
      link(into, c);
    }
    for (const c of from.readers) {
      c.reads.delete(from);
      link(c, into);
    }
    for (const node of from.members) this.#of.set(node, into);
    into.members.sort((a, b) => a.id - b.id);
    into.level = Math.max(into.level, from.level);
    raiseReaders(into);
    return into;
  }
}

function link(reader: Cluster, read: Cluster): void {
  if (reader === read) return;
  reader.reads.add(read);
  read.readers.add(reader);
}

/** Puts what reads a cluster, and what reads that, above it. */
function raiseReaders(cluster: Cluster): void {
  const stack = [cluster];
  for (let low = stack.pop(); low !== undefined; low = stack.pop()) {
    for (const reader of low.readers) {
      if (reader.level > low.level) continue;
      reader.level = low.level + 1;
      stack.push(reader);
    }
  }
}

/** Depth-first without recursion: graphs can be thousands of nodes deep. */
function visitPostOrder(root: Cluster, done: Set<Cluster>, out: Node[][]): void {
  const stack: { cluster: Cluster; rest: Cluster[] }[] = [];
  const open = (cluster: Cluster) => {
    done.add(cluster);
    stack.push({ cluster, rest: [...cluster.reads] });
  };
  if (!done.has(root)) open(root);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const next = top.rest.pop();
    if (next === undefined) {
      out.push(top.cluster.members);
      stack.pop();
    } else if (!done.has(next)) {
      open(next);
    }
  }
}
