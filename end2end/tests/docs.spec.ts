// The documentation door works with the network unplugged: no request leaves for another origin, and the strict policy refuses nothing.
import { expect, type Page, test, url } from "../support/test.ts";

/** Fails the test for every request that is not for our own server. */
async function watch(page: Page): Promise<string[]> {
  const foreign: string[] = [];
  page.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(`${url()}/`) && !/^(data|blob):/.test(target)) foreign.push(target);
  });
  await page.route(
    (target) => !target.href.startsWith(`${url()}/`),
    (route) => route.abort(),
  );
  return foreign;
}

test("Swagger UI", async ({ page }) => {
  const foreign = await watch(page);
  await page.goto("/docs");
  await expect(page.getByRole("heading", { name: /APIRequestWeb/ })).toBeVisible();
  await page.locator("#operations-tasks-list_tasks").getByRole("button").first().click();
  await expect(page.locator("#operations-tasks-list_tasks").getByText("One page.")).toBeVisible();
  expect(foreign).toEqual([]);
});

test("ReDoc", async ({ page }) => {
  const foreign = await watch(page);
  await page.goto("/redoc");
  // It lays out the whole document in one go, for seconds, and answers nothing meanwhile.
  await expect(page.getByRole("heading", { name: /APIRequestWeb/ })).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole("heading", { name: "Submit a task" })).toBeAttached();
  expect(foreign).toEqual([]);
});

test("a call from Swagger UI reaches the server", async ({ page }) => {
  await page.goto("/docs");
  const operation = page.locator("#operations-server-healthz");
  await operation.getByRole("button").first().click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table")).toContainText("200");
});
