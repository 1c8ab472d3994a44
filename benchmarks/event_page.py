"""How many event pages a second, beside a bare constant from the same server in the same run?"""

from benchmarks import load, stage

GOAL = 0.1


def main() -> None:
    """Print both figures and their ratio, on each database."""
    for database in ("sqlite", "postgresql"):
        with stage.club_on(database) as club, stage.bare_endpoint() as bare_port:
            event = stage.make_bench_club(club, members=1, places=100)["event"]
            port = int(club.environ["CLUB_PORT"])
            load.per_second(port, f"/events/{event}", seconds=2)  # caches are warm in real life
            bare = load.per_second(bare_port, "/")
            page = load.per_second(port, f"/events/{event}")
        verdict = "reached" if page / bare >= GOAL else "MISSED"
        print(f"event page, {database}: {page:,.0f}/s; bare constant {bare:,.0f}/s;", end=" ")
        print(f"ratio {page / bare:.3f} (goal {GOAL}: {verdict})")


if __name__ == "__main__":
    main()
