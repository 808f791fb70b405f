/** The function, asked once for each object: what it gave is kept for as long as the object lives. */
export function onceEach<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    let known = made.get(key);
    // undefined may be an answer too.
    if (known === undefined && !made.has(key)) {
      known = make(key);
      made.set(key, known);
    }
    return known as V;
  };
}
