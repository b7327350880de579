import { readProblem, toApiError } from './api-error.js';
import { send } from './client.js';

const path = '/v1/organization/logo';

/** The image of the organization, for as long as the page is there; undefined where it has none. Throws ApiError. */
export async function readLogo(): Promise<string | undefined> {
  const response = await call({ method: 'GET' });
  if (response.status === 404) return undefined;
  if (!response.ok) throw await readProblem(response);
  return URL.createObjectURL(await response.blob());
}

/** Makes an image that of the organization. Throws ApiError. */
export async function sendLogo(image: File): Promise<void> {
  const response = await call({ method: 'PUT', body: image, headers: { 'content-type': image.type } });
  if (!response.ok) throw await readProblem(response);
}

function call(options: RequestInit): Promise<Response> {
  return send(new Request(new URL(path, location.origin), options)).catch((error: unknown) => {
    throw toApiError(error);
  });
}
