import type { Theme } from "vitepress";
// Without its fonts: they are larger than the page.
import DefaultTheme from "vitepress/theme-without-fonts";
import "./style.css";
import "virtual:pictures.css";

const theme: Theme = { extends: DefaultTheme };
export default theme;
