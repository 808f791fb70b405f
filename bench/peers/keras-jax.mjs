export const python = "keras_peer";
export const args = ["jax"];
export const requirements = ["keras", "jax"];
export const packages = ["keras", "jax"];
export const lacks = () => undefined;
