import { ValueError } from "./errors.ts";

/**
 * Options from a configuration as Keras writes it: `keys` maps its names to ours. What is null is left out; what is
 * neither in `keys` nor in `ignored` must be null or false, or the object would not do what its file says.
 */
export function optionsFrom(
  where: string,
  config: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, string>>,
  ignored: readonly string[] = [],
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === null || value === undefined) continue;
    if (Object.hasOwn(keys, key)) options[keys[key]] = value;
    else if (value !== false && !ignored.includes(key)) {
      const known = Object.keys(keys).join(", ");
      throw new ValueError(
        `${where}: the option "${key}" (${JSON.stringify(value)?.slice(0, 60)}) is not supported. It has: ${known || "no options"}.`,
      );
    }
  }
  return options;
}
