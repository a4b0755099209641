package clock_test

import (
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// A transfer ordered late in the evening for the next working day.
func ExampleCalendar_NextWorkday() {
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		fmt.Println(err)
		return
	}
	calendar, err := clock.China()
	if err != nil {
		fmt.Println(err)
		return
	}
	fake := clock.NewFake(time.Date(2026, 9, 30, 15, 30, 0, 0, time.UTC)) // 23:30 in Shanghai
	today := clock.DateOf(fake.Now(), zone)
	next, err := calendar.NextWorkday(today)
	fmt.Println(today, next, err)
	// Output: 2026-09-30 2026-10-08 <nil>
}

// Instalments are counted from the first date, so that the 31st is not lost after February.
func ExampleDate_AddMonths() {
	first, err := clock.ParseDate("2026-01-31")
	if err != nil {
		fmt.Println(err)
		return
	}
	for month := range 4 {
		fmt.Println(first.AddMonths(month))
	}
	// Output:
	// 2026-01-31
	// 2026-02-28
	// 2026-03-31
	// 2026-04-30
}
