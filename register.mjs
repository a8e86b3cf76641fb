// `node --import rs-profiler/register`.
import './register.js';
