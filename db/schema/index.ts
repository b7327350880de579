export * from './automation.js';
export * from './engine.js';
export * from './identity.js';
export * from './integration.js';
export * from './mail.js';
export * from './organizations.js';
export * from './waiting.js';
export * from './work.js';
