#!/usr/bin/env python3
"""Solves an allocation that `volna wave compare --export DIR` wrote, with HiGHS, and checks Volna's solution of it.

Usage: solve.py DIR      (needs scipy >= 1.9)

Prints one line of JSON: the optimum of the problem with fractions allowed (no whole allocation is worth more), Volna's value and bound, how far
Volna is below the optimum, and how many rules its solution breaks.
"""
import csv, json, sys, time
import numpy as np, scipy.sparse as sp
from scipy.optimize import linprog

folder = sys.argv[1]
def table(name):
    with open(f"{folder}/{name}.csv", newline="", encoding="utf-8") as file: return list(csv.DictReader(file))

rules = {row["rule"]: int(row["value"]) for row in table("rules")}
slots = {(row["segment"], row["slot"]): int(row["most"]) for row in table("slots")}
limits = table("limits")
options = table("options")
value = np.array([float(row["value"]) for row in options]); cost = np.array([float(row["cost"]) for row in options])
chosen = np.array([row["chosen"] == "1" for row in options])

rows, columns, uses, bounds, names = [], [], [], [], {}
def row_of(key, most):
    if key not in names: names[key] = len(bounds); bounds.append(most)
    return names[key]
def use(row, option, amount): rows.append(row); columns.append(option); uses.append(amount)

for limit in limits:
    row_of(("most", limit["limit"]), float(limit["most"]))
    if int(limit["least"]) > 0: row_of(("least", limit["limit"]), -float(limit["least"]))
for option, row in enumerate(options):
    customer = row["customer"]
    use(row_of((customer, "slot", row["slot"]), slots[row["segment"], row["slot"]]), option, 1)
    use(row_of((customer, "product", row["product"]), 1), option, 1)
    if row["category"] != "0": use(row_of((customer, "category", row["category"]), rules["most_per_category"]), option, 1)
    for number in filter(None, row["limits"].split(";")):
        amount = cost[option] if limits[int(number)]["counts"] == "money" else 1
        use(names["most", number], option, amount)
        if ("least", number) in names: use(names["least", number], option, -1)

matrix = sp.coo_matrix((uses, (rows, columns)), (len(bounds), len(options))).tocsr(); bounds = np.array(bounds, float)
broken = int(np.sum(matrix @ chosen > bounds + 0.5))
started = time.time()
solved = linprog(-value, A_ub=matrix, b_ub=bounds, bounds=(0, 1), method="highs")
volna = float(value[chosen].sum())
print(json.dumps({
    "customers": len({row["customer"] for row in options}), "options": len(options), "limits": len(limits), "optimum": round(-solved.fun, 3), "seconds": round(time.time() - started, 1),
    "volna": volna, "bound": rules["bound"], "belowOptimumPercent": round(100 * (1 - volna / -solved.fun), 6), "rulesBroken": broken, "status": solved.message}))
