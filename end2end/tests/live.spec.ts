// Tasks that succeed: seen live on their page and in the list, with results, attempts and points.
import { choose, expect, expectPoints, expectStatus, go, hydrated, mark, sameDocument, submit, test, upstream } from "../support/test.ts";
import { POINTS } from "../support/accounts.ts";

test.use({ account: "tasks" });
test.describe.configure({ mode: "serial" });

test("an answer at once", async ({ page }) => {
  await choose(page, "画图");
  await expect(page.getByText("成功后扣 10 点")).toBeVisible();
  await page.getByLabel("画面描述").fill("一只猫");
  await page.getByLabel("张数").fill("3");
  await page.locator("#task-name").fill("三张猫");
  await submit(page);
  await mark(page);
  await expectStatus(page, "succeeded");
  const main = page.getByRole("main");
  await expect(main.getByText(new RegExp(`${upstream()}/files/\\S+\\.svg`)).first()).toBeVisible();
  await expect(main.getByText("stand-in-image-1").first()).toBeVisible();
  await expect(main).toContainText("一只猫");
  await expectPoints(page, POINTS - 10, 0);
  await sameDocument(page);
  // What the server renders is what the browser showed.
  await page.reload();
  await hydrated(page);
  await expectStatus(page, "succeeded");
  await expect(main).toContainText("stand-in-image-1");
});

test("a job with progress", async ({ page }) => {
  await choose(page, "作曲");
  await page.getByLabel("音乐描述").fill("民谣");
  await submit(page);
  await mark(page);
  await expectPoints(page, POINTS - 10 - 30, 30);
  await expectStatus(page, "waiting_upstream");
  const progress = page.getByRole("main").getByRole("progressbar");
  await expect
    .poll(async () => Number((await progress.getAttribute("aria-valuenow")) ?? (await progress.getAttribute("value"))), { message: "progress" })
    .toBeGreaterThan(0);
  await expectStatus(page, "succeeded");
  await expect(page.getByRole("main").getByText(/\.wav/).first()).toBeVisible();
  await expectPoints(page, POINTS - 40, 0);
  await sameDocument(page);
});

test("the list follows without reloading", async ({ page, context }) => {
  await go(page, "/tasks");
  await mark(page);
  // Submitted in another tab of the same browser, which shares one stream.
  const other = await context.newPage();
  await choose(other, "作曲");
  await other.getByLabel("音乐描述").fill("夜曲");
  const id = await submit(other);
  const row = page.locator(`tr[data-id="${id}"]`);
  await expect(row).toBeVisible();
  await expect(row.locator("[data-status]")).toHaveAttribute("data-status", /running|waiting_upstream|succeeded/);
  await expect(row.locator("[data-status]")).toHaveAttribute("data-status", "succeeded", { timeout: 30_000 });
  await sameDocument(page);
});

test("the list is sorted, filtered and paged by its address", async ({ page }) => {
  await go(page, "/tasks");
  await page.getByLabel("状态").first().selectOption("succeeded");
  await expect(page).toHaveURL(/status=succeeded/);
  await page.getByRole("searchbox").fill("三张猫");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/q=/);
  await expect(page.getByRole("main").getByRole("link", { name: "三张猫" }).first()).toBeVisible();
  await expect(page.getByText("共 1 条")).toBeVisible();
  await page.getByRole("link", { name: "清除筛选" }).click();
  await expect(page.getByText("共 3 条")).toBeVisible();
  // The address alone gives the same page.
  await go(page, "/tasks?q=%E4%B8%89%E5%BC%A0%E7%8C%AB");
  await expect(page.getByText("共 1 条")).toBeVisible();
  await go(page, "/tasks?status=failed");
  await expect(page.getByText("没有符合条件的任务")).toBeVisible();
});

test("every kind of field is checked here and kept", async ({ page }) => {
  await choose(page, "全部字段");
  await page.getByRole("button", { name: "提交任务" }).click();
  await expect(page.getByText("请填写“单行”")).toBeVisible();
  await page.getByLabel("单行").fill("你好世界");
  await page.getByLabel("多行").fill("一\n二");
  await page.getByLabel("数字").fill("11");
  await page.getByLabel("选择").selectOption({ label: "乙" });
  await page.getByLabel("数据").fill("{ nonsense");
  await page.getByLabel("链接").fill("ftp://x");
  await page.getByRole("button", { name: "提交任务" }).click();
  await expect(page).toHaveURL(/tasks\/new/);
  await expect(page.locator(".field.has-error")).toHaveCount(3);
  await page.getByLabel("数字").fill("2.5");
  await page.getByLabel("数据").fill('{"deep": [1, {"x": null}]}');
  await page.getByLabel("链接").fill("https://example.com/?a=1&b=2");
  await page.getByLabel("文件").fill("https://example.com/a.png");
  const id = await submit(page);
  await expectStatus(page, "succeeded");
  const received = await (await page.request.get(`/api/tasks/${id}`)).json();
  expect(received.data.payload).toEqual({
    text: "你好世界",
    lines: "一\n二",
    number: 2.5,
    flag: true,
    choice: "b",
    data: { deep: [1, { x: null }] },
    link: "https://example.com/?a=1&b=2",
    file: "https://example.com/a.png",
  });
});
