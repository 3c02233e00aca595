// A user for each file of tests, so that files can run side by side and count points and tasks of their own.

export const ACCOUNTS = ["tasks", "failing", "cancelling", "batching", "reading", "phoning", "typing", "plain", "keys", "leaving", "watching", "pictures", "administered", "calling", "logging", "spending", "hooking", "stepping"] as const;

/** The administrator. */
export const OPERATOR = "operator";

export type Account = (typeof ACCOUNTS)[number] | typeof OPERATOR;

export const PASSWORD = "correct-horse-battery";

export const POINTS = 10_000;
