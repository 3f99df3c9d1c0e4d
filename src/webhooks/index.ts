export { startWebhookDeliverer, type DelivererOptions } from './deliverer';
export { createWebhooks } from './service';
