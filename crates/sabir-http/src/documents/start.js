const place = document.getElementById("swagger-ui");
const script = document.createElement("script");
script.src = place.dataset.script;
script.onload = () =>
  SwaggerUIBundle({ url: place.dataset.document, domNode: place, deepLinking: true, layout: "BaseLayout", validatorUrl: null });
document.head.append(script);
