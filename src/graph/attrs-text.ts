import type { Body } from "./body.ts";
import type { Attrs, AttrValue } from "./op.ts";

/** Attributes as text: equal exactly when they are. JSON would merge -0 with 0 and NaN with the infinities. */
export function attrsText(attrs: Attrs): string {
  return valueText(attrs);
}

/** One attribute as text. */
export function valueText(value: AttrValue): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(valueText).join(",")}]`;
  if (isBody(value)) return value.text;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}:${valueText(item)}`)
    .join(",")}}`;
}

function isList(value: AttrValue): value is readonly AttrValue[] {
  return Array.isArray(value);
}

/** Whether an attribute is the graph that scan or cond runs. */
export function isBody(value: AttrValue): value is Body {
  return typeof value === "object" && value !== null && "graph" in value && "text" in value;
}
