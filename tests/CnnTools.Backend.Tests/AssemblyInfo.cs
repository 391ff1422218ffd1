// Live handles and the thread count are the whole process's: tests that look at them cannot run side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
