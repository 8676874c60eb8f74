import { closeSync, fstatSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { OpenDescriptors } from "../../src/node/host/open-descriptors.ts";
import { WasiError } from "../../src/wasi-error.ts";

const isOpen = (fd: number): boolean => {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
};
const here = (): number => openSync(".", "r");

test("a descriptor is closed once, however often that is asked for", () => {
  const descriptors = new OpenDescriptors();
  const place = descriptors.open(here);
  const { fd } = place;
  expect(isOpen(fd)).toBe(true);
  descriptors.close(place);
  expect([isOpen(fd), place.fd]).toEqual([false, -1]);
  // The number may be another file's by now.
  const other = here();
  expect(other).toBe(fd);
  descriptors.close(place);
  descriptors.closeAll();
  expect(isOpen(other)).toBe(true);
  closeSync(other);
});

test("what fails to be opened leaves nothing to close", () => {
  const descriptors = new OpenDescriptors();
  expect(() => descriptors.open(() => openSync("nowhere/at/all", "r"))).toThrow(new WasiError("noent"));
  const broken = new TypeError("a defect");
  expect(() =>
    descriptors.open(() => {
      throw broken;
    }),
  ).toThrow(broken);
  descriptors.closeAll();
});

test("all of them are closed, those that a deadline interrupted and those that fail included", () => {
  const descriptors = new OpenDescriptors();
  const places = [descriptors.open(here), descriptors.open(here), descriptors.open(here)];
  const fds = places.map(({ fd }) => fd);
  // Somebody else closed the second.
  closeSync(fds[1] as number);
  descriptors.closeAll();
  expect(fds.map(isOpen)).toEqual([false, false, false]);
  expect(places.map(({ fd }) => fd)).toEqual([-1, -1, -1]);
  descriptors.closeAll();
});

test("an error of the host at closing is passed on, and it is closed all the same", () => {
  const descriptors = new OpenDescriptors();
  const place = descriptors.open(here);
  closeSync(place.fd);
  expect(() => descriptors.close(place)).toThrow(new WasiError("badf"));
  expect(place.fd).toBe(-1);
  expect(() => descriptors.close(place)).not.toThrow();
});
