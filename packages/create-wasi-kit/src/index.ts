export { copyExample } from "./copy.ts";
export type { Copied, CopyOptions } from "./copy.ts";
export { CreateError } from "./error.ts";
export type { CreateErrorCode } from "./error.ts";
export { detectPackageManager, packageManagers } from "./package-manager.ts";
export type { PackageManager } from "./package-manager.ts";
export { findWorkspace, isPackage, packagesFolder } from "./workspace.ts";
export type { Workspace } from "./workspace.ts";
export { examples } from "./templates.ts";
