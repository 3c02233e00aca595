import config from "./playwright.config.ts";

export default { ...config, testDir: "pictures", workers: 1, reporter: [["list"]] };
