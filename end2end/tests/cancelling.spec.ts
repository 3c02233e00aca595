// Cancelling: while it waits for the upstream, which is told; the points come back.
import { choose, expect, expectPoints, expectStatus, mark, sameDocument, submit, test, upstream } from "../support/test.ts";
import { POINTS } from "../support/accounts.ts";

test.use({ account: "cancelling" });

test("a running task is cancelled", async ({ page }) => {
  // All tests share the upstream, and others cancel too.
  const told = async () => {
    const requests = (await (await page.request.get(`${upstream()}/__requests`)).json()) as { method: string; path: string }[];
    return requests.filter((request) => request.method === "DELETE" && request.path.startsWith("/v1/jobs/")).length;
  };
  const before = await told();
  await choose(page, "长片");
  await page.getByLabel("视频描述").fill("海浪 to be cancelled");
  await submit(page);
  await mark(page);
  await expectStatus(page, "waiting_upstream");
  await expectPoints(page, POINTS - 50, 50);
  await page.getByRole("main").getByRole("button", { name: "取消任务" }).click();
  // The question can be left without an answer.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("main").getByRole("button", { name: "取消任务" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消任务" }).click();
  await expectStatus(page, "cancelled");
  await expectPoints(page, POINTS, 0);
  await sameDocument(page);
  await expect.poll(told, { message: "the upstream is told" }).toBe(before + 1);
});
