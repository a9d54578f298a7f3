/** Modules of Python 2 as Python 3 names them (CPython `_compat_pickle.IMPORT_MAPPING`), which unpicklers apply. */
const MODULES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    __builtin__: 'builtins',
    copy_reg: 'copyreg',
    Queue: 'queue',
    SocketServer: 'socketserver',
    ConfigParser: 'configparser',
    repr: 'reprlib',
    tkFileDialog: 'tkinter.filedialog',
    Tkinter: 'tkinter',
    _winreg: 'winreg',
    thread: '_thread',
    dummy_thread: '_dummy_thread',
    dbhash: 'dbm.bsd',
    dumbdbm: 'dbm.dumb',
    dbm: 'dbm.ndbm',
    gdbm: 'dbm.gnu',
    xmlrpclib: 'xmlrpc.client',
    SimpleXMLRPCServer: 'xmlrpc.server',
    DocXMLRPCServer: 'xmlrpc.server',
    httplib: 'http.client',
    Cookie: 'http.cookies',
    cookielib: 'http.cookiejar',
    BaseHTTPServer: 'http.server',
    SimpleHTTPServer: 'http.server',
    CGIHTTPServer: 'http.server',
    'test.test_support': 'test.support',
    commands: 'subprocess',
    urlparse: 'urllib.parse',
    robotparser: 'urllib.robotparser',
    urllib: 'urllib.request',
    urllib2: 'urllib.request',
    anydbm: 'dbm',
    whichdb: 'dbm',
    _abcoll: 'collections.abc',
    cPickle: 'pickle',
    _elementtree: 'xml.etree.ElementTree',
    UserDict: 'collections',
    UserList: 'collections',
    UserString: 'collections',
    StringIO: 'io',
    cStringIO: 'io',
    exceptions: 'builtins',
    _socket: 'socket',
  }),
);

/** Names of Python 2 as Python 3 has them (`_compat_pickle.NAME_MAPPING`), by `module.name`. */
const NAMES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['__builtin__.xrange', ['builtins', 'range']],
  ['__builtin__.reduce', ['functools', 'reduce']],
  ['__builtin__.intern', ['sys', 'intern']],
  ['__builtin__.unichr', ['builtins', 'chr']],
  ['__builtin__.unicode', ['builtins', 'str']],
  ['__builtin__.long', ['builtins', 'int']],
  ['__builtin__.basestring', ['builtins', 'str']],
  ['itertools.izip', ['builtins', 'zip']],
  ['itertools.imap', ['builtins', 'map']],
  ['itertools.ifilter', ['builtins', 'filter']],
  ['itertools.ifilterfalse', ['itertools', 'filterfalse']],
  ['itertools.izip_longest', ['itertools', 'zip_longest']],
  ['exceptions.StandardError', ['builtins', 'Exception']],
]);

/** What Python 3 imports where a pickle of Python 2 names this. */
export function python3Name(module: string, name: string): readonly [string, string] {
  return NAMES.get(`${module}.${name}`) ?? [MODULES.get(module) ?? module, name];
}
