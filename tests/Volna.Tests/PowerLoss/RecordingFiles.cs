using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volna.Tests.PowerLoss;

/// <summary>
/// A layer between SQLite and its files (sqlite.org/vfs.html): it hands everything to the system's own layer, and tells a <see cref="Recording"/> what
/// was written, cut and synced in a recorded folder. Files of other folders aren't touched by it at all.
/// </summary>
static unsafe partial class RecordingFiles
{
    const int Ok = 0;

    static readonly Lock Registering = new();
    static readonly Dictionary<string, Recording> Recordings = [];
    static readonly List<(Recording Recording, string File)> Opened = [];
    static Vfs* s_system;
    static Vfs* s_ours;
    static Methods* s_methods;

    [StructLayout(LayoutKind.Sequential)]
    struct Vfs
    {
        public int Version, FileSize, LongestPath;
        public Vfs* Next;
        public byte* Name;
        public void* AppData;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, OpenFile*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
        public fixed long Others[16];
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, void*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, void*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, void*, int> FileControl;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, void**, int> ShmMap;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, int> ShmLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, void> ShmBarrier;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> ShmUnmap;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int, void**, int> Fetch;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, void*, int> Unfetch;
    }

    /// <summary>sqlite3_file; in ours the number of the file follows, and then the system's own.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct OpenFile
    {
        public Methods* Methods;
        public long Number;
    }

    /// <summary>Records from now on what happens in a folder, whose databases nobody has open.</summary>
    public static Recording Record(string folder)
    {
        SQLitePCL.Batteries_V2.Init();
        lock (Registering)
        {
            if (s_ours is null) Register();
            return Recordings[folder] = new Recording(folder);
        }
    }

    static void Register()
    {
        s_system = Find(null);
        s_ours = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *s_ours = *s_system;
        s_ours->FileSize += sizeof(OpenFile);
        s_ours->Name = (byte*)Marshal.StringToCoTaskMemUTF8("recording");
        s_ours->Open = &Open;
        s_ours->Delete = &Delete;
        s_methods = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
        *s_methods = new Methods
        {
            Version = 3,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &TakeLock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            ShmMap = &ShmMap,
            ShmLock = &ShmLock,
            ShmBarrier = &ShmBarrier,
            ShmUnmap = &ShmUnmap,
            Fetch = &Fetch,
            Unfetch = &Unfetch,
        };
        if (Register(s_ours, makeDefault: 1) != Ok) throw new InvalidOperationException("SQLite didn't take the recording layer.");
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial Vfs* Find(byte* name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int Register(Vfs* vfs, int makeDefault);

    static (Recording Recording, string File)? RecordedPlace(byte* name)
    {
        if (name is null) return null;
        var path = Marshal.PtrToStringUTF8((nint)name)!;
        lock (Registering)
            return Path.GetDirectoryName(path) is { } folder && Recordings.TryGetValue(folder, out var recording) ? (recording, Path.GetFileName(path)) : null;
    }

    static (Recording Recording, string File) Place(OpenFile* file)
    {
        lock (Registering) return Opened[(int)file->Number];
    }

    static OpenFile* Inner(OpenFile* file) => file + 1;

    static Methods* System(OpenFile* file) => Inner(file)->Methods;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Open(Vfs* vfs, byte* name, OpenFile* file, int flags, int* outFlags)
    {
        if (RecordedPlace(name) is not { } place) return s_system->Open(s_system, name, file, flags, outFlags);
        file->Methods = null;
        Inner(file)->Methods = null;
        var result = s_system->Open(s_system, name, Inner(file), flags, outFlags);
        if (result != Ok) return result;
        file->Methods = s_methods;
        lock (Registering)
        {
            file->Number = Opened.Count;
            Opened.Add(place);
        }

        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Delete(Vfs* vfs, byte* name, int syncFolder)
    {
        var result = s_system->Delete(s_system, name, syncFolder);
        if (result == Ok && RecordedPlace(name) is var (recording, file)) recording.Add(Recording.Kind.Delete, file);
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Write(OpenFile* file, void* bytes, int length, long at)
    {
        var (recording, name) = Place(file);
        recording.Add(Recording.Kind.Write, name, at, new ReadOnlySpan<byte>(bytes, length).ToArray());
        return System(file)->Write(Inner(file), bytes, length, at);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Truncate(OpenFile* file, long length)
    {
        var (recording, name) = Place(file);
        recording.Add(Recording.Kind.Truncate, name, length);
        return System(file)->Truncate(Inner(file), length);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Sync(OpenFile* file, int flags)
    {
        // Recorded, not done: the disk of the test isn't what is tested, and waiting for it takes most of the time.
        var (recording, name) = Place(file);
        recording.Add(Recording.Kind.Sync, name);
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Close(OpenFile* file) => System(file)->Close(Inner(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Read(OpenFile* file, void* bytes, int length, long at) => System(file)->Read(Inner(file), bytes, length, at);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int FileSize(OpenFile* file, long* size) => System(file)->FileSize(Inner(file), size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int TakeLock(OpenFile* file, int kind) => System(file)->Lock(Inner(file), kind);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Unlock(OpenFile* file, int kind) => System(file)->Unlock(Inner(file), kind);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int CheckReservedLock(OpenFile* file, int* taken) => System(file)->CheckReservedLock(Inner(file), taken);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int FileControl(OpenFile* file, int code, void* argument) => System(file)->FileControl(Inner(file), code, argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int SectorSize(OpenFile* file) => System(file)->SectorSize(Inner(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int DeviceCharacteristics(OpenFile* file) => System(file)->DeviceCharacteristics(Inner(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int ShmMap(OpenFile* file, int region, int size, int extend, void** memory) => System(file)->ShmMap(Inner(file), region, size, extend, memory);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int ShmLock(OpenFile* file, int offset, int count, int flags) => System(file)->ShmLock(Inner(file), offset, count, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void ShmBarrier(OpenFile* file) => System(file)->ShmBarrier(Inner(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int ShmUnmap(OpenFile* file, int delete) => System(file)->ShmUnmap(Inner(file), delete);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Fetch(OpenFile* file, long at, int length, void** memory) => System(file)->Fetch(Inner(file), at, length, memory);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Unfetch(OpenFile* file, long at, void* memory) => System(file)->Unfetch(Inner(file), at, memory);
}
