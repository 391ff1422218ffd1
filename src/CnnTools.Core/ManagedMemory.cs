namespace CnnTools;

/// <summary>The memory that arrays are taken from.</summary>
internal static class ManagedMemory
{
    /// <summary>Bytes that are free, as far as the runtime knows.</summary>
    public static double Free => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(forceFullCollection: false);
}
