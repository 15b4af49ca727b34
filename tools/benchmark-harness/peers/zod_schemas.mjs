// What the servers that validate with zod expect.
import { z } from "zod";

export const user = z.object({ id: z.coerce.number().int() });
export const page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(10) });
export const order = z.strictObject({
  id: z.number().int().min(1),
  customer: z.string().min(1).max(80),
  email: z.string().regex(/@/),
  lines: z
    .array(
      z.strictObject({
        sku: z.string().regex(/^[A-Z]{3}-[0-9]{4}$/),
        quantity: z.number().int().min(1).max(100),
        price: z.number().min(0),
      }),
    )
    .min(1),
  note: z.string().nullish(),
});
export const person = z.object({ name: z.string(), age: z.coerce.number().int().min(1).max(150) });
export const upload = z.object({ file: z.file() });

/** How many things an order is about. */
export const count = (lines) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
