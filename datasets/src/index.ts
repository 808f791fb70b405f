export { type Digits, loadDigits } from "./digits.ts";
