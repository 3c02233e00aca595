// Many at once: fifty lines become fifty tasks; many tasks are chosen and deleted.
import { choose, expect, expectPoints, go, test } from "../support/test.ts";
import { POINTS } from "../support/accounts.ts";

test.use({ account: "batching" });

test("fifty lines, fifty tasks", async ({ page }) => {
  await choose(page, "画图");
  await page.getByRole("link", { name: "下载任务批量提交工具" }).click();
  const lines = Array.from({ length: 50 }, (_, n) => `第 ${n + 1} 张图`);
  await page.getByLabel("任务内容").fill([...lines, "长".repeat(201)].join("\n"));
  // The bad line is known before anything is sent.
  await expect(page.getByText("共 51 行，可提交 50 行，有误 1 行")).toBeVisible();
  await expect(page.getByText("500 点")).toBeVisible();
  await page.getByRole("button", { name: "提交 50 个任务" }).click();
  await expect(page.getByText("已完成 50 / 50，成功 50，失败 0")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: /^任务 #\d+$/ })).toHaveCount(50);
  await expectPoints(page, POINTS - 500, 0);
  const tasks = (await (await page.request.get("/api/tasks?page_size=100&status=succeeded")).json()).data;
  expect(tasks.total).toBe(50);
  expect(new Set(tasks.items.map((task: { seq: number }) => task.seq)).size).toBe(50);

  await page.getByRole("link", { name: "查看任务列表" }).click();
  await expect(page.getByText("共 50 条")).toBeVisible();
  await expect(page.getByText("第 1 页 / 共 3 页")).toBeVisible();
  await page.getByLabel("选择本页全部任务").check();
  await expect(page.getByText("已选: 20")).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "删除任务" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "删除任务" }).click();
  await expect(page.getByText("共 30 条")).toBeVisible();

  await go(page, "/tasks?page=2");
  await expect(page.getByText("第 2 页 / 共 2 页")).toBeVisible();
});
