using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace CnnTools.Tests;

/// <summary>Native libraries of a private assembly; its managed ones are those of CsvBridgeTests.</summary>
public sealed class PrivateAssemblyTests
{
    private const string Name = "Probe";

    // Stays: Windows does not delete what is loaded.
    private readonly string _folder = Directory.CreateTempSubdirectory("cnntools-test-").FullName;

    [UnixFact]
    public void A_native_library_is_found_in_the_folder_by_its_bare_name()
    {
        string end = OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        File.Copy(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), $"libSystem.Native{end}"),
            Path.Combine(_folder, $"libprobe{end}"));
        Write("probe");
        Assert.Equal(Environment.ProcessId, New().Call<int>(Name, "SystemNative_GetPid"));
    }

    [Fact]
    public void One_that_is_nowhere_is_an_error_with_the_id_that_was_asked_for()
    {
        Write("cnntools-nowhere");
        CnnException error = Assert.Throws<CnnException>(() => New().Call<int>(Name, "SystemNative_GetPid"));
        Assert.Equal("BackendUnavailable", error.Id);
        Assert.Contains("cnntools-nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_is_not_there_is_an_error()
    {
        Write("probe");
        Assert.Equal("BackendUnavailable", Assert.Throws<CnnException>(() => New().Call<int>(Name, "Load")).Id);
    }

    private PrivateAssembly New() => new(_folder, Name, [], "BackendUnavailable");

    /// <summary>An assembly with one function of a native library.</summary>
    private void Write(string library)
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName(Name), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule(Name).DefineType(Name, TypeAttributes.Public);
        MethodBuilder method = type.DefinePInvokeMethod(
            "SystemNative_GetPid", library, MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.PinvokeImpl,
            CallingConventions.Standard, typeof(int), [], CallingConvention.Winapi, CharSet.Ansi);
        method.SetImplementationFlags(MethodImplAttributes.PreserveSig);
        type.CreateType();
        assembly.Save(Path.Combine(_folder, $"{Name}.dll"));
    }
}
