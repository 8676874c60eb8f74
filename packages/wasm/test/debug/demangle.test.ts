import { expect, test } from "vitest";
import { demangle } from "../../src/debug/demangle.ts";

// Names as rustc 1.63 and 1.95 wrote them, except the last ones of each kind.
test.each<[name: string, readable: string]>([
  ["_ZN9read_file4main17hde271d58ffe3b533E", "read_file::main"],
  [
    "_ZN3std3sys9backtrace28__rust_begin_short_backtrace17h7cbfa76a0579eac6E",
    "std::sys::backtrace::__rust_begin_short_backtrace",
  ],
  ["_ZN5alloc7raw_vec19RawVec$LT$T$C$A$GT$3ptr17hb265c553bf791e9fE", "alloc::raw_vec::RawVec<T,A>::ptr"],
  [
    "_ZN77_$LT$alloc..raw_vec..RawVec$LT$T$C$A$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h202c2ecea2d00eedE",
    "<alloc::raw_vec::RawVec<T,A> as core::ops::drop::Drop>::drop",
  ],
  [
    "_ZN87_$LT$T$u20$as$u20$alloc..slice..$LT$impl$u20$$u5b$T$u5d$$GT$..to_vec_in..ConvertVec$GT$6to_vec17h22fbd928bf165a5fE",
    "<T as alloc::slice::<impl [T]>::to_vec_in::ConvertVec>::to_vec",
  ],
  [
    "std::panicking::begin_panic_handler::_$u7b$$u7b$closure$u7d$$u7d$::h0123456789abcdef",
    "std::panicking::begin_panic_handler::{{closure}}",
  ],
  ["core::panicking::panic_fmt::h0123456789abcdef", "core::panicking::panic_fmt"],
  // Of Zig 0.15 and 0.17.
  ["main.twice__anon_1234", "main.twice"],
  ["main.Basket.twice__func_0", "main.Basket.twice"],
  ["twice__anon_1234", "twice__anon_1234"],
  ["_RNvNtCsdHhIpgkcIfN_4core9panicking9panic_fmt", "core::panicking::panic_fmt"],
  ["_RNvCsfLfy6EI15iL_7___rustc10rust_panic", "__rustc::rust_panic"],
  ["_RNCNvNtCset5xJoy1xWQ_3std9panicking13panic_handler0B5_", "std::panicking::panic_handler::{closure}"],
  [
    "_RINvNtNtCset5xJoy1xWQ_3std3sys9backtrace26___rust_end_short_backtraceNCNvNtB6_9panicking13panic_handler0zEB6_",
    "std::sys::backtrace::__rust_end_short_backtrace",
  ],
  ["_RNvC7mycrate3foo.llvm.1234", "mycrate::foo"],
])("%s", (name, readable) => {
  expect(demangle(name)).toBe(readable);
});

test.each([
  "main",
  "_start",
  "assembly/index/main",
  "std::vector<int>::push_back(int&&)",
  "_ZNSt6vectorIiSaIiEE9push_backEOi",
  // Cut short, too long, or not said in full what they are.
  "_ZN9read_file4mai17hde271d58ffe3b533E",
  "_ZN9read_file99main17hde271d58ffe3b533E",
  "_ZN17hde271d58ffe3b533E",
  "_ZN9read_file4main17hde271d58E",
  "_ZN2ab$ZZ$17h0123456789abcdefE",
  "_RNvCs_4core",
  "_RNvC4core99x",
  "_RNvC4core3fooZZ",
  // Methods, and a name in Punycode.
  "_RNvMs4_NtCsi9YzqDQQz2q_5alloc7raw_vecNtB5_11RawVecInner11finish_growB7_",
  "_RNvC4coreu8gdel_5qa",
  "_R",
  "_ZN",
  "",
])("%j stays", (name) => {
  expect(demangle(name)).toBe(name);
});
