"""How long an any-look p-value and a nominal level take, cold: `python bench/looks.py`."""

from time import perf_counter

from shipworthy.statistics.any_look import any_look_p, nominal_level

if __name__ == "__main__":
    print("end, bar: p-value, graded; nominal level, 0/1 and graded (milliseconds)")
    for end in (500, 5_000, 100_000, 1_000_000):
        for bar in (0.5, 0.9, 0.99):
            times = []
            for work in (
                lambda e=end, b=bar: any_look_p(0.01, n=e // 2, end=e, bar=b),
                lambda e=end, b=bar: nominal_level(0.05, n=e, end=e, bar=b, graded=False),
                lambda e=end, b=bar: nominal_level(0.05, n=e, end=e, bar=b),
            ):
                start = perf_counter()
                work()
                times.append(1e3 * (perf_counter() - start))
            print(f"{end:9,d}, {bar}: {times[0]:8.1f} {times[1]:8.1f} {times[2]:8.1f}")
