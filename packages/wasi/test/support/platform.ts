/**
 * Says to what asks that this is another system. It is for code that does without what that system lacks.
 *
 * @returns what takes it back
 */
export function onPlatform(platform: NodeJS.Platform): () => void {
  const own = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
  Object.defineProperty(process, "platform", { ...own, value: platform });
  return () => void Object.defineProperty(process, "platform", own);
}
