/** What waits: keys have their turns one after another, and what was added first for a key comes first. */
export interface FairQueue<Item> {
  /** How many items wait. */
  size(): number;
  add(key: string, item: Item): void;
  /** Takes out the next one. */
  next(): Item | undefined;
  /** Takes out an item. Returns whether it was there. */
  remove(key: string, item: Item): boolean;
  /** Takes out all. */
  clear(): Item[];
}

export function createFairQueue<Item>(): FairQueue<Item> {
  const lines = new Map<string, Line<Item>>();
  const turns = createLine<string>();
  let size = 0;

  const next = (): Item | undefined => {
    const key = turns.shift();
    const line = key === undefined ? undefined : lines.get(key);
    if (key === undefined || !line) return undefined;
    const item = line.shift();
    size--;
    if (line.members.size > 0) turns.members.add(key);
    else lines.delete(key);
    return item;
  };
  return {
    size: () => size,
    add(key, item) {
      const line = lines.get(key) ?? createLine<Item>();
      lines.set(key, line);
      line.members.add(item);
      turns.members.add(key);
      size++;
    },
    next,
    remove(key, item) {
      const line = lines.get(key);
      if (!line?.members.delete(item)) return false;
      size--;
      if (line.members.size > 0) return true;
      lines.delete(key);
      turns.members.delete(key);
      return true;
    },
    clear: () => Array.from({ length: size }, () => next() as Item),
  };
}

/** Members that come out in the order in which they were added. */
interface Line<Member> {
  readonly members: Set<Member>;
  shift(): Member | undefined;
}

function createLine<Member>(): Line<Member> {
  const members = new Set<Member>();
  // One for many members: a new one would have to pass all places that were given up since the set last grew.
  let order = members.values();
  return {
    members,
    shift() {
      let first = order.next();
      if (first.done) {
        order = members.values();
        first = order.next();
      }
      if (first.done) return undefined;
      members.delete(first.value);
      return first.value;
    },
  };
}
