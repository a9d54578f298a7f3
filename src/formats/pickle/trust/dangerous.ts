/**
 * Modules of which nothing is harmless to a loader: they run commands or code, open files or connections, load
 * libraries, or change the running program. With all that lies below them.
 */
const MODULES: ReadonlySet<string> = new Set(
  `os posix nt posixpath ntpath sys subprocess _posixsubprocess popen2 pty tty shutil socket _socket ssl _ssl socketserver select selectors
   runpy importlib imp _imp pkgutil zipimport zipapp code codeop bdb pdb cProfile profile pstats trace tracemalloc timeit doctest pydoc unittest
   ctypes _ctypes cffi cppyy mmap fcntl resource signal threading _thread multiprocessing _multiprocessing concurrent asyncio sched
   http urllib ftplib smtplib poplib imaplib nntplib telnetlib xmlrpc webbrowser antigravity this wsgiref cgi cgitb mailbox
   pickle _pickle cPickle pickletools marshal shelve dbm sqlite3 _sqlite3 dill cloudpickle joblib jsonpickle kombu celery
   io _io _pyio tempfile fileinput glob fnmatch linecache tarfile zipfile gzip bz2 lzma zlib filecmp stat
   builtins __builtin__ __main__ inspect gc atexit faulthandler site sitecustomize usercustomize venv ensurepip pip _pip setuptools pkg_resources distutils
   idlelib lib2to3 turtle turtledemo tkinter _tkinter curses readline rlcompleter cmd _pyrepl _osx_support _aix_support _bootsubprocess
   platform getpass pwd grp spwd crypt syslog logging logging.config uuid operator _operator functools _functools itertools types symtable ast dis compileall py_compile
   test tests idna requests urllib3 httpx aiohttp websocket websockets paramiko fabric git psutil pexpect sh plumbum IPython jupyter_client ipykernel nbconvert
   pandas.io pandas.core.computation numpy.f2py numpy.distutils numpy.testing numpy.ctypeslib numpy.lib numpy.compat numpy._core._internal
   torch.hub torch.jit torch.package torch.utils torch.serialization torch.testing torch.multiprocessing torch.distributed torch.fx torch.onnx torch.cuda torch.classes torch.ops
   torch._dynamo torch._inductor torch._export torch.export torch.compiler torch._C torch.backends torch._library torch.library torch.profiler torch.autograd
   torch.storage torch._utils_internal torch._appdirs torch._vendor torch._jit_internal torch._lowrank torch.func torch._functorch torch._refs torch._sources torch._tensor_str
   tensorflow.io tensorflow.python keras.src.legacy keras.src.saving keras.saving tensorflow.saved_model h5py sklearn.utils._testing
   fsspec s3fs boto3 botocore google.cloud azure django flask jinja2 mako werkzeug yaml ruamel sympy.parsing sympy.core.sympify
   pydoc_data xml.sax xml.dom webtest ctypesgen numexpr lief win32api win32com pythoncom _winapi winreg msilib msvcrt nis ossaudiodev`.split(
    /\s+/,
  ),
);

/** Parts of those modules that are not called dangerous for being there: classes and functions that models refer to. */
const NOT_MEANT =
  /^(?:torch\._C\._nn\.\w+|torch\._C\._functions\.\w+|torch\._C\.Generator|torch\.utils\.data\.(?:dataset|dataloader|sampler|_utils\.collate)\.\w+|torch\.distributed\.(?:tensor|_tensor|device_mesh|checkpoint\.(?:metadata|filesystem)|fsdp)\b.*|functools\.partial|itertools\.\w+|types\.(?:FunctionType|MethodType|ModuleType|GenericAlias)|logging\.(?:getLogger|Logger|RootLogger)|operator\.(?:itemgetter|add|mul|sub|truediv|getitem|neg|pos)|_operator\.(?:itemgetter|add|mul|sub|truediv|getitem|neg|pos)|multiprocessing\.(?:context|synchronize)\.[A-Z]\w*|threading\.(?:Lock|RLock)|builtins\.[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Iteration)|builtins\.(?:type|property|staticmethod|classmethod|super|abs|len|max|min|sum|round|sorted|reversed|zip|enumerate|iter|next|print|id|hash|repr|ord|chr|hex|bin|oct|divmod|pow|any|all|isinstance|issubclass|callable|format|ascii|NoneType|memoryview)|torch\.cuda\.amp\.\S+|torch\.utils\._pytree\.[A-Z]\w*|torch\.autograd\.(?:function|graph)\.[A-Z]\w*|torch\.fx\.(?:graph_module|immutable_collections)\.[A-Z]\w*|torch\.storage\.\w*|torch\.backends\.\S+|inspect\.(?:Parameter|Signature|_empty|_ParameterKind)|torch\.jit\._script\.[A-Z]\w*)$/;

/** Functions that run, read, write or load whatever module they are found in. */
const NAMES: ReadonlySet<string> = new Set(
  `system popen popen2 popen3 popen4 spawn spawnl spawnle spawnlp spawnv spawnve spawnvp execl execle execlp execv execve execvp execvpe posix_spawn fork forkpty
   eval exec execfile compile open input __import__ import_module importlib builtins __builtins__ breakpoint exit quit globals locals vars getattr setattr delattr __getattribute__
   os sys subprocess shutil socket pty runpy ctypes pickle marshal posix nt code pdb commands webbrowser sqlite3 multiprocessing threading importlib pip
   Popen check_output check_call getoutput getstatusoutput run_module run_path runcode runsource runcommand runctx runeval runcall runstring run_cprofile run_autograd_prof run_pip _run_pip
   load_library LoadLibrary CDLL PyDLL WinDLL load_inline cpp_extension dlopen attrgetter methodcaller urlopen urlretrieve rmtree unlink remove write_file
   execWrapper compile_file load_config basichandlers debug_script get_entity fetch_completions fetch_tip SetText evaluate_guards_expression make_label resolve_name
   InteractiveInterpreter InteractiveConsole FileHandler FileIO CodeType FunctionType memmap fromfile tofile genfromtxt loadtxt savetxt read_pickle read_csv _load_from_bytes
   subimport _make_function _builtin_type add_extension __subclasses__ __globals__ __code__ __reduce__ __reduce_ex__ __class__ __dict__ __init_subclass__ __mro__ __bases__ __base__`.split(
    /\s+/,
  ),
);

/** Functions that read a file or a stream, and code with it, where they stand in a library of arrays or models. */
const LOADERS =
  /^(?:numpy|torch|torchvision|pandas|joblib|keras|tensorflow|sklearn|xgboost|skops|dill|cloudpickle|yaml|json|scipy|PIL|cv2|onnx|transformers|diffusers|datasets|huggingface_hub)(?:\.\w+)*\.(?:load|loads|load_model|load_module|read|read_\w+|from_file|fromfile|from_pretrained|save|savez|dump|dumps|hf_hub_download|snapshot_download|download\w*)$/;

/** Whether importing, calling or instantiating this name can harm whoever loads the file; asked for what is not known as harmless. */
export function isDangerous(module: string, name: string): boolean {
  const path = `${module}.${name}`;
  if (NOT_MEANT.test(path)) return false;
  if (LOADERS.test(path)) return true;
  // A dotted name reaches through what a module imports itself: torch.serialization.os.system.
  if (name.split('.').some((part) => NAMES.has(part))) return true;
  const parts = module.split('.');
  for (let length = parts.length; length > 0; length -= 1) if (MODULES.has(parts.slice(0, length).join('.'))) return true;
  return false;
}
