// axe on every page, light and dark.
import { ADMIN_PAGES, accessible, OPEN_PAGES, USER_PAGES } from "../support/pages.ts";
import { choose, expect, expectStatus, go, logIn, submit, test } from "../support/test.ts";

test.use({ account: "watching" });

// Half-faded colours of an opening dialog are not what people read.
test.use({ contextOptions: { reducedMotion: "reduce" } });

for (const theme of ["light", "dark"] as const) {
  test(`no violation, ${theme}`, async ({ page, context, baseURL }) => {
    // All pages, each read by axe: as long as several other tests together.
    test.setTimeout(240_000);
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    await choose(page, "画图");
    await page.getByLabel("画面描述").fill("风景");
    const id = await submit(page);
    await expectStatus(page, "succeeded");
    const made = await page.request.post("/api/webhooks", { data: { name: "回调", url: "https://hooks.example/results" }, headers: { origin: baseURL! } });
    const webhook = (await made.json()).data.webhook.id as number;
    await page.request.get("/api/tasks");
    await expect.poll(async () => (await (await page.request.get("/api/logs")).json()).data.total).toBeGreaterThan(0);
    const log = (await (await page.request.get("/api/logs")).json()).data.items[0].id as number;
    const own = [`/tasks/${id}`, `/tasks/${id}/edit`, `/logs/${log}`, `/webhooks/${webhook}`, `/webhooks/${webhook}?tab=settings`, `/webhooks/${webhook}?tab=verify`];
    for (const path of [...USER_PAGES, ...own]) {
      await go(page, path);
      await accessible(page);
    }
    await go(page, "/profile?tab=keys");
    await page.getByRole("button", { name: "新建密钥" }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await accessible(page, "dialog");
    await context.clearCookies({ name: "session" });
    for (const path of OPEN_PAGES) {
      await go(page, path);
      await accessible(page);
    }
  });

  test(`no violation in the administration, ${theme}`, async ({ page, context, baseURL }) => {
    test.setTimeout(240_000);
    await context.clearCookies({ name: "session" });
    await logIn(context, "operator");
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    for (const path of ADMIN_PAGES) {
      await go(page, path);
      if (path === "/admin/rules/2") {
        await page.getByRole("button", { name: "试运行" }).click();
        await expect(page.getByText("没有发现问题")).toBeVisible();
      }
      await accessible(page);
    }
  });
}
