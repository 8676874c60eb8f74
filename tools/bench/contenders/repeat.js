/** Does something some times, after some more to warm up, and prints how many milliseconds those took. */
export async function repeat(count, once, { parallel = 1 } = {}) {
  const times = Number(count);
  const all = async (left) => {
    const work = async () => {
      while (left-- > 0) await once();
    };
    await Promise.all(Array.from({ length: parallel }, work));
  };
  await all(Math.ceil(times / 10));
  const started = process.hrtime.bigint();
  await all(times);
  console.log(Number(process.hrtime.bigint() - started) / 1e6);
}
