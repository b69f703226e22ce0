/** The form in which texts are compared without regard to case. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
