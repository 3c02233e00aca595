// Both languages on every page, chosen by a switch and kept.
import { ADMIN_PAGES, USER_PAGES } from "../support/pages.ts";
import { expect, go, hydrated, logIn, test } from "../support/test.ts";

test.use({ account: "reading" });

test("English everywhere after one click, and back", async ({ page }) => {
  await go(page, "/tasks");
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  await expect(page).toHaveTitle(/异步任务列表/);
  await page.getByRole("button", { name: "English" }).first().click();
  await hydrated(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  // The sixth feature is nothing but names of the catalog.
  for (const path of USER_PAGES.filter((path) => !path.endsWith("=6"))) {
    await go(page, path);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    // Chinese is left in the names that the catalog gives, and on the button that leads back.
    const chinese = await page.evaluate(() => {
      const catalog = ["画图", "作曲", "长片", "不稳定", "必定失败", "全部字段", "图像", "音乐", "视频", "演示", "画面描述", "张数", "雪山"];
      catalog.push("立即返回一张图片。", "上游先受理，之后完成。", "每种字段一个。", "成功后扣 10 点", "中文", "改写", "天气", "总是失败", "按城市查询。", "城市", "天数", "上海");
      const texts: string[] = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        let text = node.textContent ?? "";
        if (node.parentElement?.closest("script, style")) continue;
        for (const word of catalog) text = text.replaceAll(word, "");
        if (/\p{Script=Han}/u.test(text)) texts.push(text);
      }
      for (const element of document.querySelectorAll("[title], [aria-label], [placeholder]")) {
        for (const name of ["title", "aria-label", "placeholder"]) {
          let text = element.getAttribute(name) ?? "";
          for (const word of catalog) text = text.replaceAll(word, "");
          if (/\p{Script=Han}/u.test(text)) texts.push(`${name}: ${text}`);
        }
      }
      return texts;
    });
    expect(chinese, path).toEqual([]);
  }
  await go(page, "/tasks");
  await page.getByRole("button", { name: "中文" }).first().click();
  await hydrated(page);
  await expect(page).toHaveTitle(/异步任务列表/);
});

test("the administration in English", async ({ page, context, baseURL }) => {
  await context.clearCookies({ name: "session" });
  await logIn(context, "operator");
  await context.addCookies([{ name: "lang", value: "en", url: baseURL! }]);
  for (const path of ADMIN_PAGES.filter((path) => !/features\/6|rules\/2/.test(path))) {
    await go(page, path);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    // Names of tasks, features and people are whatever they are: heads, labels and buttons are ours.
    const ours = page.locator("main :is(h1, h2, th, label, button, dt, .page-head-lead, .field-help, .notice, .empty)");
    const chinese = (await ours.allInnerTexts()).filter((text) => /\p{Script=Han}/u.test(text));
    expect(chinese, path).toEqual([]);
  }
});

test("the theme is kept and rendered by the server", async ({ page }) => {
  await go(page, "/tasks");
  await page.getByRole("button", { name: "深色" }).first().click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect.poll(async () => (await page.context().cookies()).find((cookie) => cookie.name === "theme")?.value).toBe("dark");
  const html = await (await page.request.get("/tasks")).text();
  expect(html).toContain('data-theme="dark"');
  await page.getByRole("button", { name: "浅色" }).first().click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).not.toBe(dark);
});
