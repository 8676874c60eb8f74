declare module "virtual:pictures.css";
