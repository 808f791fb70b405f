export const python = "torch_peer";
// On Linux its wheel brings CUDA's libraries along, several gigabytes: it does not load without them.
export const requirements = ["torch", "setuptools"];
export const packages = ["torch"];
export const lacks = () => undefined;
