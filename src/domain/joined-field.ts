/** What a field becomes when two records are made one, or why the two values of it cannot both stay. */
export type Joined<Value> =
  | { readonly value: Value }
  /** `fields`: what collides by its names in the core API, where those are not the field's own. */
  | { readonly collides: string; readonly fields?: readonly string[] };
