export const python = "keras_peer";
export const args = ["tensorflow"];
export const requirements = ["keras", process.platform === "linux" ? "tensorflow-cpu" : "tensorflow"];
export const packages = ["keras", requirements[1]];
export const lacks = () => undefined;
