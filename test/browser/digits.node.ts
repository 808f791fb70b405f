import { type Trained, trainDigits } from "./train-digits.ts";

export default (): Promise<Trained> => trainDigits(8);
