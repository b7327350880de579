/** The demo model's key. It is no secret: only this machine reaches the model, which knows nothing and costs nothing. */
export const demoModelKey = 'demo-model';
